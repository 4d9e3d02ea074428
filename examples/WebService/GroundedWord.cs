using MLNetGrounding;

namespace WebService;

/// <summary>Where the model looked for a word.</summary>
/// <param name="Word">The word.</param>
/// <param name="Area">The region's share of the image, from 0 to 1.</param>
/// <param name="Boxes">The boxes of the region's parts in pixels, the largest part first.</param>
/// <param name="Overlay">The map over the image, as a PNG image in a data URL; null where it was not asked for.</param>
internal sealed record GroundedWord(string Word, double Area, IReadOnlyList<PixelBox> Boxes, string? Overlay);
