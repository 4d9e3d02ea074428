namespace MLNetGrounding.Samples.Figures;

/// <summary>
/// Decides from rendered pixels whether a part or a key point's region is visible.
/// </summary>
internal static class VisibilityRule
{
    /// <summary>Fewer pixels than this do not show a color that a person could name.</summary>
    public const int MinimumPixels = 12;

    /// <summary>
    /// A region is visible when at least <see cref="MinimumPixels"/> and at least a third of the pixels remain
    /// that it would have without occluders and without the image's border.
    /// </summary>
    public static bool IsVisible(int visiblePixels, int fullPixels) => visiblePixels >= MinimumPixels && visiblePixels * 3 >= fullPixels;
}
