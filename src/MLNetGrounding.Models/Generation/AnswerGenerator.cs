using System.Globalization;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Checkpoints;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Generation;

/// <summary>Answers questions with one model.</summary>
/// <param name="network">The networks.</param>
/// <param name="model">The model.</param>
/// <param name="capturer">Reads images and questions.</param>
/// <param name="generation">What the checkpoint says about answers.</param>
/// <param name="tokenizer">Turns tokens into text; <see langword="null"/> for ids alone.</param>
/// <param name="device">Where the model runs.</param>
internal sealed class AnswerGenerator(
    IModelNetwork network,
    ModelInfo model,
    AttentionCapturer capturer,
    CheckpointGeneration generation,
    TextTokenizer? tokenizer,
    Device device
)
{
    /// <summary>Reads an image and its questions, from where answers go on.</summary>
    /// <param name="image">The image as the model takes it.</param>
    /// <param name="prompt">The queries.</param>
    /// <param name="options">How to answer.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <exception cref="ArgumentException">The prompt runs fewer layers than the model has, or is longer than the model's
    /// context.</exception>
    public AnswerRun Begin(PreparedImage image, PreparedPrompt prompt, AnswerOptions options, CancellationToken cancellationToken)
    {
        options.Validate();
        if (prompt.Layers < model.Layers)
        {
            throw new ArgumentException(
                $"Answers need all {model.Layers} layers of the model, but the prompt was prepared with {nameof(CaptureOptions.Layers)} {prompt.Layers}.",
                nameof(prompt)
            );
        }

        int[] queries =
        [
            .. Enumerable
                .Range(0, prompt.Suffixes.Count)
                .Where(query => !options.FineOnly || prompt.Suffixes[query].Query.Role == QueryRole.Fine),
        ];
        TokenActivationStates? activation = options.ActivationMaps is { } maps ? new TokenActivationStates(maps) : null;
        AnswerState state = capturer.Begin(image, prompt, queries, options.AllObservers, activation, cancellationToken);
        return new AnswerRun(
            network,
            model,
            state,
            options,
            SamplingOf(options),
            generation.EndTokenIds,
            tokenizer,
            capturer.HiddenType,
            device
        )
        {
            Activation = activation,
        };
    }

    /// <summary>How tokens are chosen, in words.</summary>
    /// <exception cref="CheckpointException">The checkpoint's file asks for what is not implemented.</exception>
    public string Describe(AnswerOptions options)
    {
        AnswerSampling sampling = SamplingOf(options);
        string source = options.UseCheckpointSampling ? $" ({CheckpointSettings.GenerationFileName})" : "";
        return sampling.Temperature == 0
            ? $"{sampling}{source}"
            : string.Create(CultureInfo.InvariantCulture, $"{sampling}{source}, seed {options.Seed}");
    }

    private AnswerSampling SamplingOf(AnswerOptions options) => options.UseCheckpointSampling ? generation.Sampling() : options.Sampling;
}
