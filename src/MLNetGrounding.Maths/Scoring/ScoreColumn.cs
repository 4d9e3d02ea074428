namespace MLNetGrounding;

/// <summary>One number of a scored map.</summary>
/// <param name="Name">As files and tables name it, one line, different for each number: <c>hit@0.05</c>.</param>
/// <param name="Aggregate">How images are summed up. Default: by their mean.</param>
public readonly record struct ScoreColumn(string Name, ScoreAggregate Aggregate = ScoreAggregate.Mean)
{
    /// <summary>One sentence for the notes below tables, without a full stop. Default: none.</summary>
    public string Description { get; init; } = "";
}
