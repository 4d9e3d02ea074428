namespace MLNetGrounding.Comparison;

/// <summary>Checks scores that were written outside of the library before anything is computed.</summary>
internal static class FurtherScoreChecks
{
    /// <param name="scores">The scores.</param>
    /// <param name="all">The numbers of all scores, the library's among them.</param>
    /// <param name="option">The option that holds the scores, for messages.</param>
    /// <exception cref="ArgumentException">A score has no numbers, or one has no name, one of several lines, or that of
    /// another.</exception>
    public static void Check(IReadOnlyList<GroundingScore> scores, IReadOnlyList<ScoreColumn> all, string option)
    {
        foreach (GroundingScore score in scores)
        {
            if (score is null || score.Columns is not { Count: > 0 } columns)
            {
                throw new ArgumentException(
                    $"{option} holds {score?.GetType().Name ?? "null"}, which has no {nameof(score.Columns)}. Name at least one number.",
                    option
                );
            }

            foreach (ScoreColumn column in columns)
            {
                if (string.IsNullOrWhiteSpace(column.Name) || column.Name.AsSpan().ContainsAny('\n', '\r'))
                {
                    throw new ArgumentException(
                        $"A number of {score.GetType().Name} in {option} is named '{column.Name}'; one line of text was expected.",
                        option
                    );
                }
            }

            if (columns.Any(column => !Enum.IsDefined(column.Aggregate)))
            {
                throw new ArgumentException(
                    $"A number of {score.GetType().Name} in {option} is summed up by neither {nameof(ScoreAggregate.Mean)} nor {nameof(ScoreAggregate.Median)}.",
                    option
                );
            }
        }

        if (all.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two scores have a number named '{twice.Key}'. Give that in {option} a name of its own.", option);
        }
    }
}
