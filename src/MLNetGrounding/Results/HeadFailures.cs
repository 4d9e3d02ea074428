namespace MLNetGrounding.Results;

/// <summary>What a head failed at.</summary>
[Flags]
internal enum HeadFailures
{
    None = 0,
    Entropy = 1,
    Compactness = 2,
    Constant = 4,
}
