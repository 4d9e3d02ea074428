namespace MLNetGrounding;

/// <summary>Which views' tokens make the maps of an image that a model sees as tiles and, beside them, as a whole in less detail.</summary>
public enum MapViews
{
    /// <summary>
    /// Each tile's tokens show their own cells, and each token of the whole view is spread evenly over the cells that it covers, so that
    /// the sum over a map is the attention to the whole image.
    /// </summary>
    All,

    /// <summary>The tiles' tokens alone, each showing its own cell. An image without tiles is one.</summary>
    Tiles,

    /// <summary>The whole view's tokens alone, on the whole view's own grid. An image without tiles is one.</summary>
    Whole,
}
