namespace MLNetGrounding;

/// <summary>How far a download is.</summary>
public sealed record ModelDownloadProgress
{
    /// <summary>The file that moved last, or <see langword="null"/> where something of the whole is said.</summary>
    public string? File { get; init; }

    /// <summary>Bytes that are there, with those that were there before.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes of all files.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Files that are complete.</summary>
    public required int Files { get; init; }

    /// <summary>Number of files.</summary>
    public required int TotalFiles { get; init; }

    /// <summary>
    /// Something to tell the user, such as a wait for another download or a warning of the hub; usually <see langword="null"/>.
    /// </summary>
    public string? Message { get; init; }
}
