using Microsoft.ML;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>The kinds of annotations that the components put on their columns, and how to read the names of queries.</summary>
public static class GroundingAnnotations
{
    /// <summary>The names of the queries, a vector of text: on every column whose first dimension counts queries.</summary>
    public const string QueryNames = "QueryNames";

    /// <summary>On the flow column, text: the settings that the flow matrices were built with, as JSON.</summary>
    public const string CoarseFlowOptions = "CoarseFlowOptions";

    /// <summary>
    /// On columns of attention, text: the head selection that it is meant for, as JSON; on layer maps, the one that they were made with.
    /// </summary>
    public const string HeadSelectionOptions = "HeadSelectionOptions";

    /// <summary>On the flow column, a vector of integers: the rows of the flow matrices that belong to the coarse word.</summary>
    public const string CoarsePositions = "CoarsePositions";

    /// <summary>
    /// On the flow column, text: which cells each visual token shows, as JSON. Only where tokens and cells are not the same, row by row.
    /// </summary>
    public const string VisualLayout = "VisualLayout";

    /// <summary>On the flow and coarse attention columns, text: the name of the coarse query.</summary>
    public const string CoarseName = "CoarseName";

    /// <summary>On the columns of answers, text: how their tokens were chosen, such as <c>greedy</c>.</summary>
    public const string AnswerDecoding = "AnswerDecoding";

    /// <summary>On the column of choices' probabilities, a vector of text: the choices.</summary>
    public const string ChoiceNames = "ChoiceNames";

    /// <summary>The names of the queries that the first dimension of a column counts.</summary>
    /// <param name="column">A column of a view.</param>
    /// <returns>The names, or an empty list where the column carries none.</returns>
    public static IReadOnlyList<string> GetQueryNames(this DataViewSchema.Column column) => ColumnAnnotations.GetNames(column, QueryNames) ?? [];
}
