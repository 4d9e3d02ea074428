namespace MLNetGrounding;

/// <summary>How a picture of any shape is fitted into the square that the model sees.</summary>
public enum ImageFit
{
    /// <summary>
    /// Padded to a square with the mean color, then resized: nothing of the picture is lost. What LLaVA 1.5 was trained with; the default.
    /// </summary>
    Pad,

    /// <summary>
    /// Resized until the short edge fits, then cut to the center square, as the public checkpoint's <c>preprocessor_config.json</c> says:
    /// what lies near the ends of the long edge is lost.
    /// </summary>
    CenterCrop,
}
