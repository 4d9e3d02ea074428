namespace MLNetGrounding.Architecture;

/// <summary>A file uses a type.</summary>
/// <param name="File">The file that uses it.</param>
/// <param name="Assembly">The assembly of the type.</param>
/// <param name="Type">The type's name.</param>
/// <param name="TypeFolder">Where the type is declared, or <see langword="null"/> where that is another assembly.</param>
internal sealed record TypeUse(string File, string Assembly, string Type, string? TypeFolder);
