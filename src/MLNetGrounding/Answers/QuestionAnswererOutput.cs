namespace MLNetGrounding.Answers;

/// <summary>What a column that answering adds holds.</summary>
internal enum QuestionAnswererOutput
{
    Answer,
    TokenIds,
    LogProbabilities,
    Maps,
    Boxes,
    Choices,
    Geometry,
}
