namespace MLNetGrounding.Models.Hub;

/// <summary>What a hub answers to the question for a file's head.</summary>
/// <param name="LinkedId">The sha256 of a large file's content, where it is stated.</param>
/// <param name="Address">Where the content is fetched from; such addresses are valid for some time only.</param>
internal sealed record HubHead(string? LinkedId, Uri Address);
