using Microsoft.ML;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>The kinds of annotations that the components put on their columns, and how to read the names of queries.</summary>
public static class GroundingAnnotations
{
    /// <summary>The names of the queries, a vector of text: on every column whose first dimension counts queries.</summary>
    public const string QueryNames = "QueryNames";

    /// <summary>On the flow column, text: the settings that the flow matrices were built with, as JSON.</summary>
    internal const string CoarseFlowOptions = "CoarseFlowOptions";

    /// <summary>
    /// On columns of attention, text: the head selection that it is meant for, as JSON; on layer maps, the one that they were made with.
    /// </summary>
    internal const string HeadSelectionOptions = "HeadSelectionOptions";

    /// <summary>On the flow column, a vector of integers: the rows of the flow matrices that belong to the coarse word.</summary>
    internal const string CoarsePositions = "CoarsePositions";

    /// <summary>
    /// On the flow column, text: which cells each visual token shows, as JSON. Only where tokens and cells are not the same, row by row.
    /// </summary>
    internal const string VisualLayout = "VisualLayout";

    /// <summary>On the flow and coarse attention columns, text: the name of the coarse query.</summary>
    public const string CoarseName = "CoarseName";

    /// <summary>On the columns of answers, text: how their tokens were chosen, such as <c>greedy</c>.</summary>
    public const string AnswerDecoding = "AnswerDecoding";

    /// <summary>On the columns of answers, a vector of text: the questions, by query.</summary>
    public const string Questions = "Questions";

    /// <summary>On the column of choices' probabilities, a vector of text: the choices.</summary>
    public const string ChoiceNames = "ChoiceNames";

    /// <summary>On the column of key points, a vector of text: the points' names; see <see cref="KeyPointDescription.Names"/>.</summary>
    public const string KeyPointNames = "KeyPointNames";

    /// <summary>
    /// On the column of key points, text: for each word the indices of its points, as JSON; see
    /// <see cref="KeyPointDescription.KeyPointTable"/>.
    /// </summary>
    public const string KeyPointTable = "KeyPointTable";

    /// <summary>
    /// On the column of key points, text: for each word the one whose map is scored on its points in the control, as JSON; see
    /// <see cref="KeyPointDescription.SwappedQueries"/>.
    /// </summary>
    public const string SwappedQueries = "SwappedQueries";

    /// <summary>The names of the queries that the first dimension of a column counts.</summary>
    /// <param name="column">A column of a view.</param>
    /// <returns>The names, or an empty list where the column carries none.</returns>
    public static IReadOnlyList<string> GetQueryNames(this DataViewSchema.Column column) =>
        ColumnAnnotations.GetNames(column, QueryNames) ?? [];
}
