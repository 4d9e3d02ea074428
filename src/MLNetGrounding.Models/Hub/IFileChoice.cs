namespace MLNetGrounding.Models.Hub;

/// <summary>Chooses which files of a model are needed.</summary>
internal interface IFileChoice
{
    /// <summary>The file whose content must be known to choose, if there is one.</summary>
    HubFile? NeededContent(IReadOnlyList<HubFile> files);

    /// <summary>Chooses among a commit's files.</summary>
    /// <param name="files">All of them, or those that are cached.</param>
    /// <param name="content">The content of <see cref="NeededContent"/>.</param>
    FileSelection Choose(IReadOnlyList<HubFile> files, ReadOnlyMemory<byte> content);
}
