namespace MLNetGrounding.Models.Hub;

/// <summary>What a request is about.</summary>
internal sealed record HubSubject(string Model, string Revision, string? Path);
