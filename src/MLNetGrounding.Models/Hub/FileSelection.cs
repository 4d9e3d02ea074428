namespace MLNetGrounding.Models.Hub;

/// <summary>Files that are needed.</summary>
/// <param name="Files">Those that there are.</param>
/// <param name="Missing">The names of those that there are not.</param>
/// <param name="Advice">What to do about the missing, where something is known.</param>
internal sealed record FileSelection(IReadOnlyList<HubFile> Files, IReadOnlyList<string> Missing, string? Advice = null);
