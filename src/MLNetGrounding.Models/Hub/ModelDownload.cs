using MLNetGrounding.Models.Hub;

namespace MLNetGrounding;

/// <summary>What a download will bring, before it begins: license, files, sizes.</summary>
/// <seealso cref="ModelHub.PlanAsync"/>
public sealed class ModelDownload
{
    internal ModelDownload(HubPlan plan) => Plan = plan;

    /// <summary>The model's name: <c>organization/name</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The branch, tag or commit that was asked for.</summary>
    public required string Revision { get; init; }

    /// <summary>The 40 digits of the commit it stands for; all files are of this one.</summary>
    public required string Commit { get; init; }

    /// <summary>
    /// The license that the model's card states, such as <c>apache-2.0</c>; <see langword="null"/> where none is stated or the hub was not
    /// asked.
    /// </summary>
    public string? License { get; init; }

    /// <summary>Whether the model's terms must be accepted before its files can be had.</summary>
    public bool IsGated { get; init; }

    /// <summary><c>model_type</c> of its configuration, where the hub states it.</summary>
    public string? ModelType { get; init; }

    /// <summary>
    /// Whether models of its <see cref="ModelType"/> can be opened here; <see langword="null"/> where the hub does not state it.
    /// </summary>
    public bool? IsSupported { get; init; }

    /// <summary>The files that are needed, in the hub's order.</summary>
    public required IReadOnlyList<ModelFile> Files { get; init; }

    /// <summary>Bytes of all of them.</summary>
    public long Size => Files.Sum(file => file.Size);

    /// <summary>Bytes of those that the cache lacks.</summary>
    public long MissingSize => Files.Where(file => !file.IsCached).Sum(file => file.Size);

    /// <summary>The folder that will hold them: a snapshot in the cache.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// What is to be known beside it, such as that the hub was out of reach and the cached files may be old; usually
    /// <see langword="null"/>.
    /// </summary>
    public string? Warning { get; init; }

    internal HubPlan Plan { get; }
}
