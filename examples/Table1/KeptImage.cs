namespace Table1;

/// <summary>The maps of one image.</summary>
/// <param name="Image">What the image is called.</param>
/// <param name="Geometry">Where its pixels lie on the grid.</param>
/// <param name="Maps">For each method's name its maps, <c>[words, gridHeight, gridWidth]</c>.</param>
internal sealed record KeptImage(string Image, float[] Geometry, IReadOnlyDictionary<string, float[]> Maps);
