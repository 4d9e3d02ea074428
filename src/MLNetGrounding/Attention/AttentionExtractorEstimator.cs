using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.Llava;

namespace MLNetGrounding;

/// <summary>
/// Runs images through LLaVA and extracts where its attention goes when it is asked about fine details: the first step of grounding
/// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3).
/// </summary>
public sealed class AttentionExtractorEstimator : RowMapEstimator<AttentionExtractorTransformer>
{
    private readonly AttentionExtractorOptions _options;

    internal AttentionExtractorEstimator(IHostEnvironment environment, AttentionExtractorOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.CheckedCopy();
    }

    private protected override IEnumerable<InputColumn> Inputs => [AttentionExtractorTransformer.ImageInput(_options)];

    private protected override IEnumerable<DataViewSchema.DetachedColumn> OutputShapes => AttentionExtractorTransformer
        .OutputNames(_options)
        .Select(output => ColumnAnnotations.VectorShape(output.Name, withQueries: AttentionExtractorTransformer.HasQueryNames(output.Kind)));

    private protected override AttentionExtractorTransformer CreateTransformer() =>
        new(Environment, _options, _options.Model?.Share() ?? OpenModel(_options.ModelDirectory!));

    private LlavaModel OpenModel(string directory)
    {
        if (_options.ModelOptions is not null || HostSettings.GpuDeviceId(Environment) is not { } gpu)
        {
            return LlavaModel.Load(directory, _options.ModelOptions);
        }

        try
        {
            return LlavaModel.Load(directory, new LlavaModelOptions { Device = LlavaDevice.Cuda, DeviceIndex = gpu });
        }
        catch (NotSupportedException exception) when (HostSettings.FallbackToCpu(Environment))
        {
            using IChannel channel = Environment.Start(nameof(AttentionExtractorEstimator));
            channel.Warning(MessageSensitivity.None, $"The model runs on the CPU instead of GPU {gpu}: {exception.Message}");
            return LlavaModel.Load(directory);
        }
    }
}
