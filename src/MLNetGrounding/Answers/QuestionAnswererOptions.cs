using System.Text.Json.Serialization;

namespace MLNetGrounding;

/// <summary>The model, the questions and the columns of answering.</summary>
/// <remarks>
/// The queries of role <see cref="QueryRole.Fine"/> are answered. Of <see cref="CapturingOptions.Capture"/> may be set how images are
/// fitted, the profile, the tokens before the image and whether attention is amplified while the model answers, which needs a coarse query
/// unless a box is given.
/// </remarks>
public sealed class QuestionAnswererOptions : CapturingOptions
{
    /// <summary>
    /// How answers are generated. Default: greedily, with at most 32 tokens. Maps are asked for by <see cref="AnswerMapsColumnName"/>.
    /// </summary>
    [JsonIgnore]
    public AnswerOptions Answering { get; set; } = new() { MaximumTokens = Defaults.MaximumTokens };

    /// <summary>Given answers whose probabilities are wanted, such as "yes" and "no". Default none; there is then no such column.</summary>
    public IReadOnlyList<string> Choices { get; set; } = [];

    /// <summary>
    /// How a token's map is made: by any method that learns nothing, as if the row that <see cref="AnswerOptions.Row"/> says were the
    /// queried word's. <see cref="GroundingMethods.AbnarRollout"/> is the rollout from the token, <see cref="GroundingMethods.Paper"/>
    /// keeps heads. Methods cost one pass more over image, question and answer. Default <see langword="null"/>: the mean of all heads of
    /// all layers, at the cost of a few per cent.
    /// </summary>
    public GroundingMethod? MapMethod { get; set; }

    /// <summary>Output: what the model answers, texts <c>[queries]</c>, white space around them left out. Default <c>Answer</c>.</summary>
    public string AnswerColumnName { get; set; } = GroundingColumns.Answer;

    /// <summary>
    /// Output: the answers' tokens, floats <c>[queries, tokens]</c>; -1 beyond an answer's end. Default <c>AnswerTokenIds</c>.
    /// </summary>
    public string AnswerTokenIdsColumnName { get; set; } = GroundingColumns.AnswerTokenIds;

    /// <summary>
    /// Output: the text that each token completed, texts <c>[queries, tokens]</c>, which <see cref="AnswerWord.Join"/> joins to words; empty
    /// beyond an answer's end. Default <c>AnswerTokens</c>.
    /// </summary>
    public string AnswerTokensColumnName { get; set; } = GroundingColumns.AnswerTokens;

    /// <summary>
    /// Output: natural logarithms of the tokens' probabilities, floats <c>[queries, tokens]</c>; NaN beyond an answer's end. Default
    /// <c>AnswerLogProbabilities</c>.
    /// </summary>
    public string AnswerLogProbabilitiesColumnName { get; set; } = GroundingColumns.AnswerLogProbabilities;

    /// <summary>
    /// Output: where each token looks, floats <c>[queries, tokens, gridHeight, gridWidth]</c>; NaN beyond an answer's end.
    /// Default <see langword="null"/>: no such column.
    /// </summary>
    public string? AnswerMapsColumnName { get; set; }

    /// <summary>
    /// Output: the boxes that the answers state, floats <c>[queries, 4]</c>: x, y, width and height in pixels of the original image; NaN
    /// where an answer states none. Where it is asked for, words are asked about with <see cref="GroundingProfile.BoxQuestion"/>, unless
    /// <see cref="CapturingOptions.Question"/> is set. Default <see langword="null"/>: no such column.
    /// </summary>
    public string? AnswerBoxesColumnName { get; set; }

    /// <summary>
    /// Output: the same boxes as maps, floats <c>[queries, gridHeight, gridWidth]</c>, which can be scored beside the maps of methods: 1 for
    /// each cell whose middle lies in the box (of a box without one, and of a point, for the cell of its own middle), else 0, everywhere
    /// where an answer states no box. Words are asked about as for <see cref="AnswerBoxesColumnName"/>. Default <see langword="null"/>: no
    /// such column.
    /// </summary>
    public string? AnswerBoxMapsColumnName { get; set; }

    /// <summary>
    /// Output: the probability of each of <see cref="Choices"/>, floats <c>[queries, choices]</c>. Default <c>ChoiceProbabilities</c>.
    /// </summary>
    public string ChoiceProbabilitiesColumnName { get; set; } = GroundingColumns.ChoiceProbabilities;

    /// <summary>Whether boxes are asked for.</summary>
    internal bool ReadsBoxes => AnswerBoxesColumnName is not null || AnswerBoxMapsColumnName is not null;

    private string BoxOption =>
        AnswerBoxesColumnName is { } boxes
            ? $"{nameof(AnswerBoxesColumnName)} is '{boxes}'"
            : $"{nameof(AnswerBoxMapsColumnName)} is '{AnswerBoxMapsColumnName}'";

    /// <summary>What the map method needs of a capture; only where there is one.</summary>
    internal CapturePlan PlanOf(QueryRow defaultRow)
    {
        var plan = CapturePlan.Of(MapMethod is null ? [] : [MapMethod], defaultRow);
        if (Capture.Amplification is { Box: null })
        {
            plan.NeedRole(QueryRole.Coarse);
        }

        return plan;
    }

    /// <summary>What is asked: the queries that are answered first, then those of other roles that are needed.</summary>
    /// <param name="plan">What the map method needs.</param>
    /// <param name="profile">The profile that questions are asked with.</param>
    /// <param name="family">The model's family, for errors.</param>
    /// <exception cref="ArgumentException">Boxes are asked for, and the profile has no question for them.</exception>
    internal IReadOnlyList<AttentionQuery> AllQueries(CapturePlan plan, GroundingProfile profile, string family)
    {
        if (ReadsBoxes && profile.BoxUnits is null)
        {
            throw new ArgumentException(
                $"{BoxOption}, but it is not known what the numbers of boxes are that models of the family {family} answer with. Set {nameof(GroundingProfile)}.{nameof(GroundingProfile.BoxUnits)} of {nameof(CaptureOptions)}.{nameof(CaptureOptions.Profile)} or 'box' in grounding.json, or leave the column out."
            );
        }

        if (plan.Needs(QueryRole.Coarse) && !HasCoarse)
        {
            throw new ArgumentException(
                $"{(MapMethod is null ? "Amplification" : $"{nameof(MapMethod)} '{MapMethod.Name}'")} goes by the whole object, but none is named. Set {nameof(Object)} to the word for it, such as \"car\"."
            );
        }

        IReadOnlyList<AttentionQuery> stated = StatedQueries;
        return
        [
            .. stated
                .Where(query => query.Role == QueryRole.Fine)
                .Select(query =>
                    !ReadsBoxes || Question is not null || Queries is not null
                        ? query
                        : query with
                        {
                            Question = BoxQuestion(query.Word!, profile, family),
                        }
                ),
            .. stated.Where(query => query.Role != QueryRole.Fine && plan.Needs(query.Role)),
        ];
    }

    private protected override void CopyLists()
    {
        base.CopyLists();
        ArgumentNullException.ThrowIfNull(Choices);
        Choices = [.. Choices];
    }

    private protected override void CheckValues()
    {
        base.CheckValues();
        ArgumentNullException.ThrowIfNull(Answering);
        Answering.Validate();
        if (Answering.Maps || Answering.ActivationMaps is not null || Answering.Observers.Count > 0)
        {
            throw new ArgumentException(
                $"{nameof(Answering)} of {nameof(QuestionAnswererOptions)} may set neither {nameof(AnswerOptions.Maps)}, which follow from {nameof(AnswerMapsColumnName)}, nor {nameof(AnswerOptions.ActivationMaps)} or {nameof(AnswerOptions.Observers)}, for which there is no column; {nameof(MapMethod)} may be {nameof(GroundingMethods.Tam)}."
            );
        }

        CaptureOptions allowed = new()
        {
            Fit = Capture.Fit,
            Grid = Capture.Grid,
            Tiles = Capture.Tiles,
            Views = Capture.Views,
            MaximumCells = Capture.MaximumCells,
            Profile = Capture.Profile,
            Row = Capture.Row,
            Amplification = Capture.Amplification,
            PrefixTokenIds = Capture.PrefixTokenIds,
        };
        if (Capture != allowed)
        {
            throw new ArgumentException(
                $"{nameof(Capture)} of {nameof(QuestionAnswererOptions)} may set how images are fitted, {nameof(CaptureOptions.Profile)}, {nameof(CaptureOptions.Row)}, {nameof(CaptureOptions.Amplification)} and {nameof(CaptureOptions.PrefixTokenIds)} only."
            );
        }

        if (!HasFine)
        {
            throw new ArgumentException(
                $"There is no question. Name at least one word in {nameof(Words)}, or a fine query in {nameof(Queries)}."
            );
        }

        if (
            Choices.FirstOrDefault(choice => string.IsNullOrWhiteSpace(choice)) is not null
            || Choices.Distinct(StringComparer.Ordinal).Count() < Choices.Count
        )
        {
            throw new ArgumentException(
                $"{nameof(Choices)} are {string.Join(", ", Choices.Select(choice => $"'{choice}'"))}; expected texts that are not empty and differ.",
                nameof(Choices)
            );
        }

        CheckMethod();
    }

    private void CheckMethod()
    {
        MapMethod?.Validate();
        if (MapMethod is { ImagesToFit: > 0 })
        {
            throw new ArgumentException(
                $"{nameof(MapMethod)} '{MapMethod.Name}' learns from images, which answering does not do. Name another, or fit it by GroundByMethods and take what it has learned.",
                nameof(MapMethod)
            );
        }

        if (MapMethod is TokenActivationGrounding && Answering.Row != AnswerRow.Token)
        {
            throw new ArgumentException(
                $"{nameof(MapMethod)} '{MapMethod.Name}' reads where visual tokens would say a token, which is the answer's with {nameof(AnswerRow)}.{nameof(AnswerRow.Token)} only. Set {nameof(AnswerOptions.Row)} of {nameof(Answering)}.",
                nameof(MapMethod)
            );
        }

        foreach (QueryRole role in Enum.GetValues<QueryRole>().Where(role => PlanOf(default).Needs(role) && Lacks(role)))
        {
            throw new ArgumentException(
                $"{(MapMethod is null ? nameof(CaptureOptions.Amplification) : $"{nameof(MapMethod)} '{MapMethod.Name}'")} needs a query of role {role}, but {nameof(Queries)} has none. Add one.",
                nameof(Queries)
            );
        }
    }

    private string BoxQuestion(string word, GroundingProfile profile, string family) =>
        profile.BoxQuestionFor(word)
        ?? throw new ArgumentException(
            $"{BoxOption}, but models of the family {family} have no known question that asks for a box. Set {nameof(Question)}, or {nameof(GroundingProfile)}.{nameof(GroundingProfile.BoxQuestion)} of {nameof(CaptureOptions)}.{nameof(CaptureOptions.Profile)}."
        );

    internal static new class Defaults
    {
        public const int MaximumTokens = 32;
    }
}
