namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// A subject shaped in its own coordinates, facing right, y downwards.
/// </summary>
internal interface IFigure
{
    /// <summary>Gets what is drawn, in its order.</summary>
    IReadOnlyList<FigureLayer> Layers { get; }

    /// <summary>Gets the rotation of the whole figure in radians.</summary>
    float Roll { get; }
}
