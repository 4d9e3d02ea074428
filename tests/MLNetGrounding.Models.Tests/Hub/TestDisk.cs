using MLNetGrounding.Models.Hub;

namespace MLNetGrounding.Models.Tests.Hub;

/// <summary>A disk that has as much room as a test wants, and can be full in the middle of a file.</summary>
internal sealed class TestDisk : HubDisk
{
    /// <summary>What it says is free; <see langword="null"/>: plenty.</summary>
    public long? Free { get; init; }

    /// <summary>How many bytes it takes before it is full.</summary>
    public long? FullAfter { get; init; }

    /// <summary>Whether links can be made.</summary>
    public bool HasLinks { get; init; } = true;

    public override long? FreeBytes(string folder) => Free ?? long.MaxValue;

    public override Stream OpenForWriting(string path) =>
        FullAfter is { } limit ? new FullStream(base.OpenForWriting(path), limit) : base.OpenForWriting(path);

    public override bool TryLink(string path, string target) => HasLinks && base.TryLink(path, target);
}
