using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families;
using MLNetGrounding.Models.Generation;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models;

/// <summary>An open checkpoint with a count of its handles.</summary>
internal sealed class SharedCheckpoint
{
    // Below this, half precision saves little memory and no time on a CPU, so that its rounding buys nothing.
    private const long SmallCheckpointBytes = 256L << 20;

    private readonly object _lock = new();
    private readonly CheckpointTensorSource _weights;
    private readonly Lazy<CheckpointIdentity> _identity;
    private int _references = 1;

    private SharedCheckpoint(
        string directory,
        VisionLanguageModelOptions options,
        IModelArchitecture architecture,
        (GroundingProfile Profile, string Origin) prompts,
        TextTokenizer? tokenizer,
        CheckpointGeneration generation,
        CheckpointTensorSource weights,
        IModelNetwork network,
        ScalarType type,
        Device device
    )
    {
        Directory = directory;
        Options = options;
        Info = architecture.Info;
        Prompts = architecture.Prompts;
        (Profile, TemplateOrigin) = prompts;
        Tokenizer = tokenizer;
        Images = architecture.CreateImagePreprocessor(tokenizer);
        Network = network;
        Capturer = new AttentionCapturer(network, architecture.Info, type, device);
        Generation = generation;
        Answers = new AnswerGenerator(network, architecture.Info, Capturer, generation, tokenizer, device);
        _weights = weights;
        _identity = new Lazy<CheckpointIdentity>(() => CheckpointIdentity.Of(directory), LazyThreadSafetyMode.PublicationOnly);
    }

    public string Directory { get; }

    public VisionLanguageModelOptions Options { get; }

    public CheckpointIdentity Identity => _identity.Value;

    public ModelInfo Info { get; }

    public PromptFormat Prompts { get; }

    public string ImageToken => Prompts.ImageToken;

    public GroundingProfile Profile { get; }

    /// <summary>Where the prompt template comes from, in words.</summary>
    public string TemplateOrigin { get; }

    public TextTokenizer? Tokenizer { get; }

    public IImagePreprocessor Images { get; }

    public IModelNetwork Network { get; }

    public AttentionCapturer Capturer { get; }

    /// <summary>What the files say about answers.</summary>
    public CheckpointGeneration Generation { get; }

    public AnswerGenerator Answers { get; }

    public static SharedCheckpoint Load(string directory, VisionLanguageModelOptions options)
    {
        TorchBackend.Require();
        IModelArchitecture architecture = FamilyRegistry.Read(directory);

        // The small files first: what is wrong with them is said before gigabytes are moved.
        (GroundingProfile Profile, string Origin) prompts = PromptSource.Find(directory, architecture.Prompts);
        var tokenizer = TextTokenizer.TryOpen(directory);
        if (tokenizer?.PlainVocabularySize > architecture.Info.VocabularySize)
        {
            throw new CheckpointException(
                tokenizer.FilePath,
                $"knows {tokenizer.PlainVocabularySize} tokens, but the model only {architecture.Info.VocabularySize} (vocab_size in {CheckpointSettings.ConfigurationFileName}); take tokenizer and weights from the same model."
            );
        }

        var generation = CheckpointGeneration.Read(directory);
        var folder = CheckpointFolder.Open(directory, architecture.CanonicalName);
        foreach (LayerCount layers in architecture.LayerCounts)
        {
            folder.RequireLayers(layers.Setting, layers.Count, layers.Prefix);
        }

        Device device = Device(options);
        ScalarType type = Precision(options, folder);
        ScalarType hiddenType = options.Device == ModelDevice.Cpu && !HalfPrecision.IsFastOnCpu ? ScalarType.Float32 : type;
        CheckpointTensorSource weights = new(folder, type, hiddenType, device, options.MapWeights);
        try
        {
            using IDisposable inference = no_grad();
            IModelNetwork network = architecture.Build(weights);
            weights.RefuseLeftovers(architecture.IsUnused);
            weights.ReleaseMappings();
            folder.RequireUnchanged();
            return new SharedCheckpoint(
                directory,
                options,
                architecture,
                prompts,
                tokenizer,
                generation,
                weights,
                network,
                hiddenType,
                device
            );
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>What turns queries into tokens.</summary>
    /// <param name="profile">How the model is asked; its template is filled in.</param>
    /// <param name="earlier">What was asked and answered before. Default nothing.</param>
    /// <exception cref="NotSupportedException">Something was, and it is not known how the template goes on.</exception>
    public PromptBuilder CreatePromptBuilder(GroundingProfile profile, IReadOnlyList<ChatTurn>? earlier = null) =>
        new(Info, profile, ImageToken, Tokenizer, Directory, Prompts.BeforeImage, Prompts.AfterImage)
        {
            Chat = earlier is { Count: > 0 } ? (DialogueOf(profile.Template!), earlier) : null,
        };

    private PromptDialogue DialogueOf(string template) =>
        Prompts.DialogueOf(template)
        ?? throw new NotSupportedException(
            $"How a chat of several questions is written is not known for the prompt template \"{template}\" of {Directory} (family {Info.Family}), which is none of the family's usual ones. Ask each question by itself."
        );

    /// <summary>Refuses weights that were changed under the model.</summary>
    /// <exception cref="CheckpointException">A mapped file is no longer what it was.</exception>
    public void RequireUnchanged() => _weights.RequireUnchanged();

    public void AddReference()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_references == 0, typeof(VisionLanguageModel));
            _references++;
        }
    }

    public void Release()
    {
        lock (_lock)
        {
            if (--_references == 0)
            {
                _weights.Dispose();
            }
        }
    }

    private static Device Device(VisionLanguageModelOptions options)
    {
        if (options.Device == ModelDevice.Cpu)
        {
            return CPU;
        }

        return cuda.is_available() && options.DeviceIndex >= 0 && options.DeviceIndex < cuda.device_count()
            ? device(DeviceType.CUDA, options.DeviceIndex)
            : throw new NotSupportedException(
                $"CUDA device {options.DeviceIndex} cannot be used: this process sees {cuda.device_count()}. Reference a CUDA back end of TorchSharp in the application, or choose {nameof(ModelDevice)}.{nameof(ModelDevice.Cpu)}."
            );
    }

    /// <summary>The type that a folder's weights would run in.</summary>
    /// <exception cref="NotSupportedException">The wanted type cannot be had.</exception>
    public static ScalarType Precision(VisionLanguageModelOptions options, CheckpointFolder folder)
    {
        bool onCpu = options.Device == ModelDevice.Cpu;
        if (onCpu && options.Precision == ModelPrecision.Float16)
        {
            throw new NotSupportedException(
                $"{nameof(ModelPrecision)}.{nameof(ModelPrecision.Float16)} is about 200 times slower than bfloat16 on the CPU; choose {nameof(ModelPrecision.BFloat16)} or {nameof(ModelPrecision.Float32)}."
            );
        }

        return options.Precision switch
        {
            ModelPrecision.Float32 => ScalarType.Float32,
            ModelPrecision.BFloat16 => ScalarType.BFloat16,
            ModelPrecision.Float16 => ScalarType.Float16,
            _ => onCpu ? CpuPrecision(folder) : StoredPrecision(folder),
        };
    }

    private static ScalarType CpuPrecision(CheckpointFolder folder)
    {
        bool small = folder.Tensors.Values.Sum(tensor => tensor.Entry.ByteLength) < SmallCheckpointBytes;
        ScalarType stored = StoredPrecision(folder);
        return small ? ScalarType.Float32
            : stored == ScalarType.Float16 && HalfPrecision.IsFastOnCpu ? ScalarType.BFloat16
            : stored;
    }

    /// <summary>The type that holds most of the bytes.</summary>
    private static ScalarType StoredPrecision(CheckpointFolder folder) =>
        folder
            .Tensors.Values.Where(tensor => tensor.Entry.Type is not null)
            .GroupBy(tensor => tensor.Entry.Type!.Value)
            .OrderByDescending(group => group.Sum(tensor => tensor.Entry.ByteLength))
            .Select(group => group.Key)
            .FirstOrDefault(ScalarType.Float32);
}
