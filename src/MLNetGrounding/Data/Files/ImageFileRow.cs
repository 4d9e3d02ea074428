namespace MLNetGrounding.Data.Files;

/// <summary>An image file, and the texts that stand beside its path.</summary>
internal sealed record ImageFileRow(string Path, IReadOnlyList<string> Texts);
