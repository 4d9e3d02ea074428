namespace MLNetGrounding.Answers;

/// <summary>What a column that answering adds holds.</summary>
internal enum QuestionAnswererOutput
{
    Answer,
    Tokens,
    TokenIds,
    LogProbabilities,
    Maps,
    Boxes,
    BoxMaps,
    Choices,
    Geometry,
}
