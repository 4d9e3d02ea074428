using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Hub;

/// <summary>Names that come from users and servers, before they become parts of paths.</summary>
internal static class HubName
{
    private const int CommitDigits = 40;

    /// <summary>A model's name: <c>organization/name</c>, or the <c>name</c> of one that has no organization.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string RequireModel(string model)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        return HubCacheFolder.IsModelName(model) || HubCacheFolder.IsModelName($"organization/{model}")
            ? model
            : throw new ArgumentException(
                $"'{model}' cannot be the name of a model on the hub: ORGANIZATION/NAME was expected, of letters, digits, '-', '_' and '.'.",
                nameof(model)
            );
    }

    /// <summary>A branch, a tag or a commit.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string RequireRevision(string revision)
    {
        ArgumentException.ThrowIfNullOrEmpty(revision);
        return IsSafePath(revision)
            ? revision
            : throw new ArgumentException(
                $"'{revision}' cannot be a revision: a branch, a tag or the 40 digits of a commit was expected.",
                nameof(revision)
            );
    }

    public static bool IsCommit(string revision) => revision.Length == CommitDigits && IsLowerHex(revision);

    public static bool IsLowerHex(string text) => text.All(character => char.IsAsciiHexDigitLower(character));

    /// <summary>Whether a path stays below the folder that it is put to, whatever the system.</summary>
    public static bool IsSafePath(string path)
    {
        const int longest = 1024;
        return path.Length is > 0 and <= longest
            && Array.TrueForAll(
                path.Split('/'),
                part =>
                    part.Length > 0
                    && part is not "." and not ".."
                    && part[^1] is not ' ' and not '.'
                    && part.All(character =>
                        character >= ' ' && character is not ('\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' or '\x7F')
                    )
            );
    }
}
