using Microsoft.ML.Runtime;
using MLNetGrounding.MlNet;

namespace MLNetGrounding.Attention;

/// <summary>Opens models as the settings of an <see cref="Microsoft.ML.MLContext"/> say.</summary>
internal static class HostModel
{
    /// <summary>
    /// Opens a model on the GPU that the context asks for, else on the CPU; on the CPU too if the context allows that as a fallback.
    /// </summary>
    /// <param name="environment">The context.</param>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="precision">The precision. Float16, which no CPU does well, is left to the model's own choice there.</param>
    public static VisionLanguageModel Open(
        IHostEnvironment environment,
        string directory,
        ModelPrecision precision = ModelPrecision.Automatic
    )
    {
        var onCpu = new VisionLanguageModelOptions
        {
            Precision = precision == ModelPrecision.Float16 ? ModelPrecision.Automatic : precision,
        };
        if (HostSettings.GpuDeviceId(environment) is not { } gpu)
        {
            return VisionLanguageModel.Load(directory, onCpu);
        }

        try
        {
            return VisionLanguageModel.Load(
                directory,
                new VisionLanguageModelOptions
                {
                    Device = ModelDevice.Cuda,
                    DeviceIndex = gpu,
                    Precision = precision,
                }
            );
        }
        catch (NotSupportedException exception) when (HostSettings.FallbackToCpu(environment))
        {
            using IChannel channel = environment.Start(nameof(VisionLanguageModel));
            channel.Warning(MessageSensitivity.None, $"The model runs on the CPU instead of GPU {gpu}: {exception.Message}");
            return VisionLanguageModel.Load(directory, onCpu);
        }
    }
}
