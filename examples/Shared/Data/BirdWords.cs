namespace MLNetGrounding.Examples;

/// <summary>The words of the examples' data.</summary>
internal static class BirdWords
{
    /// <summary>What the images show, for models that have no word of their own for it.</summary>
    public const string Object = "bird";
}
