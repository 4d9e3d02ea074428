namespace MLNetGrounding;

/// <summary>How an image of any shape is fitted into the rectangle that the model sees.</summary>
public enum ImageFit
{
    /// <summary>
    /// Padded to the input's shape with the model's background color, then resized: nothing of the image is lost. What LLaVA 1.5 was
    /// trained with; the default.
    /// </summary>
    Pad,

    /// <summary>
    /// Resized until the edge that is the shorter one, compared with the input, fits, then cut to the center, as the public LLaVA 1.5
    /// checkpoint's <c>preprocessor_config.json</c> says: what lies near the ends of the other edge is lost.
    /// </summary>
    Crop,

    /// <summary>Resized to the input along each edge on its own: nothing of the image is lost, but its proportions change.</summary>
    Stretch,

    /// <summary>
    /// As the model's own processor does it, which may choose the input's size by the image; placed as <see cref="Stretch"/> in that input,
    /// or in its middle where the processor pads.
    /// </summary>
    Native,
}
