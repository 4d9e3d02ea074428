using MLNetGrounding.Llava;
using MLNetGrounding.Maths;

namespace MLNetGrounding;

/// <summary>
/// A checkpoint and what is asked of it, as a saved model holds them: token for token, so that a loaded model asks the very same, and knows
/// the shape of the answer before the checkpoint is found.
/// </summary>
internal sealed record SavedCapture
{
    public required SavedCheckpoint Checkpoint { get; init; }

    /// <summary>The tokens before the picture.</summary>
    public required IReadOnlyList<int> PrefixTokenIds { get; init; }

    /// <summary>The queries, each with its token ids and the positions that are read.</summary>
    public required IReadOnlyList<AttentionQuery> Queries { get; init; }

    public required ImageFit Fit { get; init; }

    public CoarseFlowOptions? Flow { get; init; }

    /// <exception cref="NotSupportedException">The options hold observers, which are code and cannot be saved.</exception>
    public static SavedCapture Of(string component, ModelSource model, PreparedPrompt prompt) => prompt.Options.Observers.Count == 0
        ? new SavedCapture
        {
            Checkpoint = model.ToSaved(),
            PrefixTokenIds = prompt.Prefix,
            Queries = [.. prompt.Suffixes.Select(suffix => suffix.Query with { TokenIds = suffix.TokenIds, TokenPositions = suffix.Rows })],
            Fit = prompt.Options.Fit,
            Flow = prompt.Options.Flow,
        }
        : throw new NotSupportedException(
            $"{component} cannot be saved: {nameof(CaptureOptions)}.{nameof(CaptureOptions.Observers)} holds {string.Join(", ", prompt.Options.Observers.Select(observer => observer.GetType().Name))}, and code is not saved. Build the pipeline without observers to save it.");

    /// <summary>What to capture. The positions of every query are stated, so that all of them are read.</summary>
    public CaptureOptions ToOptions() => new() { Fit = Fit, Row = QueryRow.WordMean, Flow = Flow, PrefixTokenIds = PrefixTokenIds };

    /// <summary>The prompt, made without the checkpoint.</summary>
    /// <exception cref="ArgumentException">The tokens are not of this checkpoint, or names clash.</exception>
    /// <exception cref="SavedModelException">What is said about the checkpoint is out of range.</exception>
    /// <exception cref="InvalidOperationException">A query has no tokens.</exception>
    public PreparedPrompt ToPrompt()
    {
        Checkpoint.Check();
        Flow?.Validate();
        return new PromptBuilder(Checkpoint.Configuration, new GroundingProfile(), tokenizer: null, Checkpoint.Name).Build(Queries, ToOptions());
    }
}
