namespace MLNetGrounding;

/// <summary>A rectangle in pixels of an original image, as data sets write boxes: a part that is looked at, or hidden.</summary>
/// <param name="X">The left edge; pixel column i covers [i, i + 1).</param>
/// <param name="Y">The top edge.</param>
/// <param name="Width">The width, above 0.</param>
/// <param name="Height">The height, above 0.</param>
public readonly record struct ImageBox(double X, double Y, double Width, double Height)
{
    /// <exception cref="ArgumentException">A number is not finite, or a side is not positive.</exception>
    internal void Validate(string name)
    {
        bool isFinite = double.IsFinite(X) && double.IsFinite(Y) && double.IsFinite(X + Width) && double.IsFinite(Y + Height);
        if (!isFinite || !(Width > 0) || !(Height > 0))
        {
            throw new ArgumentException($"The box is {this}; expected finite numbers, and sides above 0.", name);
        }
    }
}
