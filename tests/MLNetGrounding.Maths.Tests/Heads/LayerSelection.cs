namespace MLNetGrounding.Maths.Heads;

/// <summary>What <see cref="HeadSelection"/> returns for one layer.</summary>
internal sealed record LayerSelection(float[] LayerMap, bool[] Kept, double[] Entropy, double[] Compactness)
{
    public static LayerSelection Of(ReadOnlySpan<float> maps, int heads, int gridHeight, int gridWidth, HeadSelectionOptions options)
    {
        options.Validate();
        var selection = new LayerSelection(new float[gridHeight * gridWidth], new bool[heads], new double[heads], new double[heads]);
        HeadSelection.Select(
            maps,
            heads,
            gridHeight,
            gridWidth,
            options,
            selection.LayerMap,
            selection.Kept,
            selection.Entropy,
            selection.Compactness
        );
        return selection;
    }
}
