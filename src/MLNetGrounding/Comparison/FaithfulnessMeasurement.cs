using System.Globalization;

namespace MLNetGrounding.Comparison;

/// <summary>Measures the maps of one query of an image together.</summary>
internal sealed class FaithfulnessMeasurement
{
    private readonly FaithfulnessScoring _scoring;
    private readonly PreparedPrompt _prompt;
    private readonly int _first;
    private readonly CancellationToken _cancellationToken;

    /// <param name="scoring">What is measured.</param>
    /// <param name="queries">The queries' names.</param>
    /// <param name="grid">The grid of the maps.</param>
    /// <param name="cancellationToken">Ends a measurement between two passes.</param>
    /// <exception cref="ArgumentException">A question cannot be asked, or the model's maps have another grid.</exception>
    public FaithfulnessMeasurement(
        FaithfulnessScoring scoring,
        IReadOnlyList<string> queries,
        MapGrid grid,
        CancellationToken cancellationToken
    )
    {
        _scoring = scoring;
        _cancellationToken = cancellationToken;
        GroundingProfile profile = scoring.Capture.Profile ?? scoring.Model.Profile;
        AttentionQuery[] whole = (scoring.Object ?? profile.Object) is { } word ? [AttentionQuery.Coarse(word)] : [];
        _first = whole.Length;
        _prompt = scoring.Model.Prepare(
            [.. whole, .. queries.Select(AttentionQuery.Fine)],
            scoring.Capture with
            {
                Flow = null,
                Observers = [],
                Profile = scoring.Question is { } question
                    ? profile with
                    {
                        Question = question,
                        Questions = new Dictionary<string, string>(),
                    }
                    : scoring.Capture.Profile,
            }
        );
        if (_prompt.Layout?.Grid is { } own && own != grid)
        {
            throw new ArgumentException(
                $"{nameof(FaithfulnessScoring)}.{nameof(FaithfulnessScoring.Capture)} gives a grid of {own} cells, the maps have {grid}. Fit images as they were when the maps were made."
            );
        }
    }

    /// <summary>All that the numbers depend on besides the maps, in words.</summary>
    public string Settings =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_scoring.Curves}; model {_scoring.Model.Fingerprint}; prefix {string.Join(' ', _prompt.Prefix)}; questions {string.Join(" | ", _prompt.Suffixes.Skip(_first).Select(suffix => string.Join(' ', suffix.TokenIds)))}; answers of at most {_scoring.Answering.MaximumTokens} tokens, {_scoring.Model.Describe(_scoring.Answering)}; {_scoring.Capture.Fit}{Further()}"
        );

    /// <summary>What is rarely set, in words; nothing where it is not.</summary>
    private string Further()
    {
        CaptureOptions capture = _scoring.Capture;
        string text =
            _scoring.Answering.StopTokenIds.Count == 0 ? "" : $"; stop tokens {string.Join(' ', _scoring.Answering.StopTokenIds)}";
        text += capture.Tiles is { } tiles ? string.Create(CultureInfo.InvariantCulture, $"; tiles {tiles.Rows} x {tiles.Columns}") : "";
        if (capture.Amplification is not { } amplified)
        {
            return text;
        }

        string heads = amplified.Heads is null ? "all" : string.Join(' ', amplified.Heads);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{text}; amplified by {amplified.Bias} from {amplified.FirstLayerDepth} on, box {amplified.Box}, mask {amplified.MaskThreshold}, heads {heads}, {amplified.Flow}, {amplified.Rollout}"
        );
    }

    /// <summary>Measures maps.</summary>
    /// <param name="image">The image.</param>
    /// <param name="query">The query, by its place among the queries' names.</param>
    /// <param name="maps">The maps, <c>[gridHeight, gridWidth]</c> each.</param>
    /// <returns>The curves of each map, or <see langword="null"/> where the model answers nothing.</returns>
    public IReadOnlyList<FaithfulnessCurves>? Measure(RgbImage image, int query, IReadOnlyList<float[]> maps)
    {
        PreparedPrompt asked = _prompt.Of([_first + query]);
        IReadOnlyList<int> answer = _scoring.Model.Answer(image, asked, _scoring.Answering, _cancellationToken).Answers[0].TokenIds;
        return answer.Count == 0
            ? null
            : _scoring.Model.MeasureFaithfulness(
                image,
                asked,
                query: 0,
                answer,
                maps,
                _scoring.Curves,
                _scoring.Progress,
                _cancellationToken
            );
    }
}
