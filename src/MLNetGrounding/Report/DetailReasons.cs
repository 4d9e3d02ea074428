namespace MLNetGrounding.Report;

/// <summary>Why an image can be opened down to its layers and heads.</summary>
[Flags]
internal enum DetailReasons
{
    None = 0,
    First = 1,
    Best = 2,
    Worst = 4,
    Named = 8,
}
