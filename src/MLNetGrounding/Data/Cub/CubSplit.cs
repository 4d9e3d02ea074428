namespace MLNetGrounding;

/// <summary>Which rows of CUB-200-2011's train/test split are loaded.</summary>
public enum CubSplit
{
    /// <summary>All rows. The default.</summary>
    All,

    /// <summary>The rows that <c>train_test_split.txt</c> marks with 1.</summary>
    Train,

    /// <summary>The rows that <c>train_test_split.txt</c> marks with 0.</summary>
    Test,
}
