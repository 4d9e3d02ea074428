namespace MLNetGrounding.MlNet;

/// <summary>A component of a saved model that is being loaded.</summary>
/// <param name="Signature">The eight characters that say whose component it is.</param>
/// <param name="Version">The oldest version of the format that reads it.</param>
/// <param name="Content">Stands where the component's own bytes begin.</param>
/// <param name="Length">How many bytes there are.</param>
/// <param name="Folder">The folder of the zip, or <see langword="null"/> where it comes from no file or that cannot be told.</param>
internal sealed record StoredComponent(ulong Signature, uint Version, BinaryReader Content, long Length, string? Folder);
