using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Hub;

/// <summary>The list of a commit's files: as a hub answers it, and as Hugging Face's tools keep it in the cache.</summary>
internal static class HubTree
{
    private const int FormatVersion = 1;
    private const int Sha256Digits = 64;
    private const int GitDigits = 40;

    /// <summary>The files of one page of an answer.</summary>
    /// <param name="source">Where it comes from, for errors.</param>
    /// <param name="page">The answer.</param>
    /// <exception cref="ModelHubException">It is no such list, or names a path that leads elsewhere.</exception>
    public static IReadOnlyList<HubFile> ReadPage(string source, JsonElement page)
    {
        if (page.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(source, "a list of files was expected");
        }

        List<HubFile> files = [];
        foreach (JsonElement entry in page.EnumerateArray())
        {
            if (Text(entry, "type") != "file") // Folders are listed too.
            {
                continue;
            }

            string path = CheckedPath(source, Text(entry, "path"));
            JsonElement? large = entry.TryGetProperty("lfs", out JsonElement lfs) && lfs.ValueKind == JsonValueKind.Object ? lfs : null;
            string? sha256 = large is { } stored ? Text(stored, "oid") ?? Text(stored, "sha256") : null;
            files.Add(
                new HubFile(
                    path,
                    Size(source, path, entry, "size"),
                    CheckedId(source, path, Text(entry, "oid"), GitDigits)!,
                    sha256 is null ? null : CheckedId(source, path, sha256, Sha256Digits),
                    large is { } sized ? Size(source, path, sized, "size") : null,
                    Text(entry, "xetHash")
                )
            );
        }

        return files;
    }

    /// <summary>The list that a cache keeps of a commit, or <see langword="null"/> where there is none that can be read.</summary>
    public static IReadOnlyList<HubFile>? TryRead(string path)
    {
        try
        {
            if (!CheckpointFile.Exists(path))
            {
                return null;
            }

            using JsonDocument document = StrictJson.Parse(path, CheckpointFile.ReadBytes(path));
            JsonElement root = document.RootElement;
            return
                root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("format_version", out JsonElement version)
                && version.TryGetInt32(out int number)
                && number == FormatVersion
                && root.TryGetProperty("files", out JsonElement files)
                && files.ValueKind == JsonValueKind.Object
                ? [.. files.EnumerateObject().Select(entry => ReadKept(path, entry))]
                : null;
        }
        catch (Exception exception) when (exception is CheckpointException or ModelHubException or InvalidOperationException)
        {
            // Another version's list, or a damaged one: the hub is asked again.
            return null;
        }
    }

    /// <summary>A complete list as Hugging Face's tools write it.</summary>
    public static byte[] Write(IEnumerable<HubFile> files)
    {
        StringBuilder text = new();
        text.Append("{\n \"format_version\": ").Append(FormatVersion).Append(",\n \"files\": {");
        string separator = "\n";
        foreach (HubFile file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            text.Append(separator).Append("  ").Append(Quoted(file.Path)).Append(": {\n   \"size\": ").Append(file.Size);
            text.Append(",\n   \"blob_id\": ").Append(Quoted(file.GitId));
            if (file.Sha256 is not null)
            {
                text.Append(",\n   \"lfs_sha256\": ").Append(Quoted(file.Sha256));
                text.Append(",\n   \"lfs_size\": ").Append(file.LargeSize ?? file.Size);
            }

            if (file.XetHash is not null)
            {
                text.Append(",\n   \"xet_hash\": ").Append(Quoted(file.XetHash));
            }

            text.Append("\n  }");
            separator = ",\n";
        }

        text.Append("\n }\n}");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static HubFile ReadKept(string source, JsonProperty entry)
    {
        string path = CheckedPath(source, entry.Name);
        return new HubFile(
            path,
            Size(source, path, entry.Value, "size"),
            CheckedId(source, path, Text(entry.Value, "blob_id"), GitDigits)!,
            Text(entry.Value, "lfs_sha256") is { } sha256 ? CheckedId(source, path, sha256, Sha256Digits) : null,
            entry.Value.TryGetProperty("lfs_size", out JsonElement size) && size.TryGetInt64(out long large) ? large : null,
            Text(entry.Value, "xet_hash")
        );
    }

    private static string CheckedPath(string source, string? path) =>
        path is not null && HubName.IsSafePath(path) ? path : throw Wrong(source, $"'{path}' was listed, which is no plain path");

    private static string CheckedId(string source, string path, string? id, int digits) =>
        id?.Length == digits && HubName.IsLowerHex(id)
            ? id
            : throw Wrong(source, $"{digits} hexadecimal digits were expected as the id of {path}, found '{id}'");

    private static long Size(string source, string path, JsonElement entry, string name) =>
        entry.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out long size)
        && size >= 0
            ? size
            : throw Wrong(source, $"a size was expected of {path}");

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static ModelHubException Wrong(string source, string problem) => new(ModelHubError.NotAHub, $"{source}: {problem}.");
}
