using MLNetGrounding;

namespace SteerAnswers;

/// <summary>One part of one image that is asked about.</summary>
/// <param name="ImagePath">The image's file.</param>
/// <param name="Word">The part.</param>
/// <param name="Box">Where it is, in pixels.</param>
/// <param name="Colors">Its colors: any of them is a right answer.</param>
internal sealed record SteeredPart(string ImagePath, string Word, ImageBox Box, IReadOnlyList<string> Colors);
