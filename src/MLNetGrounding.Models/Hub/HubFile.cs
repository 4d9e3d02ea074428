namespace MLNetGrounding.Models.Hub;

/// <summary>A file as a hub lists it.</summary>
/// <param name="Path">Its path in the model, checked.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="GitId">The git id of what git stores: the file, or the pointer to it.</param>
/// <param name="Sha256">The hash of the content, of large files only.</param>
/// <param name="LargeSize">The size beside <paramref name="Sha256"/>.</param>
/// <param name="XetHash">The id in another store, which is kept for other tools and not used.</param>
internal sealed record HubFile(string Path, long Size, string GitId, string? Sha256 = null, long? LargeSize = null, string? XetHash = null)
{
    /// <summary>What tells its content, and names it in the cache.</summary>
    public string ContentId => Sha256 ?? GitId;
}
