using MLNetGrounding.Maths.Geometry;

namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>A Gaussian in the middle of the frame: photographers put their subject there.</summary>
internal sealed class CenterGaussianBaseline(MapGrid grid) : MapBaseline(grid)
{
    /// <summary>Standard deviation as a share of the frame's width and height.</summary>
    private const double Spread = 0.25;

    public override string Name => "CenterGaussian";

    public override string Description => "a Gaussian in the middle of the frame, standard deviation a quarter of its width and height";

    public override bool TryDraw(AnnotatedImage image, int query, in BaselineRow row, Span<float> map)
    {
        PixelRectangle view = image.View;
        GaussianMap.Draw(
            image.Geometry,
            (view.Left + view.Right) / 2,
            (view.Top + view.Bottom) / 2,
            Spread * view.Width,
            Spread * view.Height,
            map
        );
        return true;
    }
}
