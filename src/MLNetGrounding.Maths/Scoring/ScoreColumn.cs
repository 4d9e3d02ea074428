namespace MLNetGrounding.Maths.Scoring;

/// <summary>One number of a scored map.</summary>
/// <param name="Name">As files name it, e.g. "hit@0.05".</param>
/// <param name="Aggregate">How images are summed up.</param>
internal readonly record struct ScoreColumn(string Name, ScoreAggregate Aggregate);
