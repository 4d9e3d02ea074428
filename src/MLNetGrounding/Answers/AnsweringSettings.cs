namespace MLNetGrounding.Answers;

/// <summary>What answering needs besides columns and prompt, found when the model was open.</summary>
internal sealed record AnsweringSettings
{
    public required AnswerOptions Answering { get; init; }

    /// <summary>How tokens are chosen, in words.</summary>
    public required string Decoding { get; init; }

    /// <summary>The tokens of each choice.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> ChoiceTokenIds { get; init; }

    /// <summary>What the numbers of boxes are; <see langword="null"/> where no boxes are read.</summary>
    public BoxUnits? BoxUnits { get; init; }

    /// <summary>The questions of the queries that are answered; <see langword="null"/> where they are not known.</summary>
    public IReadOnlyList<string>? Questions { get; init; }

    /// <summary>The row of methods that name none.</summary>
    public QueryRow DefaultRow { get; init; }
}
