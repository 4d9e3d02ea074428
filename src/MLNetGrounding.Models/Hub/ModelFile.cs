namespace MLNetGrounding;

/// <summary>A file of a model on a hub.</summary>
/// <param name="Path">Its path in the model, with <c>/</c>.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="IsCached">Whether the cache holds it.</param>
public sealed record ModelFile(string Path, long Size, bool IsCached);
