namespace MLNetGrounding;

/// <summary>What one method found in an image.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Maps">The map of each query, <c>[queries, gridHeight, gridWidth]</c> in row-major order.</param>
public sealed record GroundedMaps(string Method, ReadOnlyMemory<float> Maps);
