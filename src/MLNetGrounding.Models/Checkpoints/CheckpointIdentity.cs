using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>
/// Tells a checkpoint from another whatever folder it lies in: SHA-256 hashes, in hexadecimal, of what decides over its outputs.
/// The prompt's wording (<c>grounding.json</c>) is no part of it.
/// </summary>
internal sealed record CheckpointIdentity
{
    /// <summary>Weights below this are hashed in full; of others, the headers and three samples of every tensor.</summary>
    private const long LargestFullHash = 64L << 20;

    private const int SampleLength = 4096;

    /// <summary><c>config.json</c>.</summary>
    public required string Configuration { get; init; }

    /// <summary>How images are prepared: <c>preprocessor_config.json</c> and <c>processor_config.json</c>.</summary>
    public required string Preprocessor { get; init; }

    /// <summary>The tokenizer's files, of whatever kind; a checkpoint without them has the hash of nothing.</summary>
    public required string Tokenizer { get; init; }

    /// <summary>The chat template, or <see langword="null"/> where it has no file of its own.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary><c>generation_config.json</c>, or <see langword="null"/> where there is none.</summary>
    public string? Generation { get; init; }

    /// <summary>The safetensors files.</summary>
    public required string Weights { get; init; }

    /// <exception cref="CheckpointException">A file is missing or damaged.</exception>
    public static CheckpointIdentity Of(string directory)
    {
        string path = directory;
        try
        {
            return new CheckpointIdentity
            {
                Configuration = Files([CheckpointSettings.ConfigurationFileName]),
                Preprocessor = Files([CheckpointSettings.ImageProcessorFileName], CheckpointSettings.ProcessorFileName),
                Tokenizer = Files(
                    ["tokenizer.model", "added_tokens.json"],
                    "tokenizer.json",
                    CheckpointSettings.TokenizerSettingsFileName,
                    "special_tokens_map.json",
                    "vocab.json",
                    "merges.txt"
                ),
                ChatTemplate = FilesIfAny(ChatTemplateFile.FileName, ChatTemplateFile.JsonFileName),
                Generation = FilesIfAny(CheckpointSettings.GenerationFileName),
                Weights = HashWeights(CheckpointFolder.Open(directory), file => path = file),
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CheckpointException.Unreadable(path, exception);
        }

        string? FilesIfAny(params string[] names) =>
            names.Any(name => CheckpointFile.Exists(Path.Combine(directory, name))) ? Files(names) : null;

        // A file of the second kind that is not there leaves no trace, so that more kinds can be added without changing what others give.
        string Files(string[] always, params string[] whereThere)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (string name in always)
            {
                path = Path.Combine(directory, name);
                if (CheckpointFile.Exists(path))
                {
                    AppendFile(hash, path);
                }
                else
                {
                    AppendNumber(hash, -1);
                }
            }

            foreach (string name in whereThere)
            {
                path = Path.Combine(directory, name);
                if (CheckpointFile.Exists(path))
                {
                    hash.AppendData(Encoding.UTF8.GetBytes(name));
                    AppendFile(hash, path);
                }
            }

            return Text(hash);
        }
    }

    /// <summary>What differs from another identity, in words.</summary>
    public IReadOnlyList<string> DifferencesFrom(CheckpointIdentity other)
    {
        List<string> differences = [];
        Compare(Configuration, other.Configuration, CheckpointSettings.ConfigurationFileName);
        Compare(Preprocessor, other.Preprocessor, "how images are prepared");
        Compare(Tokenizer, other.Tokenizer, "the tokenizer");
        Compare(ChatTemplate, other.ChatTemplate, "the chat template");
        Compare(Generation, other.Generation, CheckpointSettings.GenerationFileName);
        Compare(Weights, other.Weights, "the weights");
        return differences;

        void Compare(string? own, string? others, string what)
        {
            if (own != others)
            {
                differences.Add(what);
            }
        }
    }

    /// <param name="folder">The checkpoint.</param>
    /// <param name="begin">Is told each file before it is read.</param>
    private static string HashWeights(CheckpointFolder folder, Action<string> begin)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        bool full = folder.Tensors.Values.Sum(tensor => tensor.Entry.ByteLength) < LargestFullHash;
        byte[] buffer = new byte[SampleLength];
        foreach (SafetensorsFile file in folder.Files.OrderBy(file => Path.GetFileName(file.Path), StringComparer.Ordinal))
        {
            begin(file.Path);
            using FileStream stream = CheckpointFile.OpenRead(file.Path);
            AppendNumber(hash, stream.Length);
            foreach ((long start, long length) in full ? [(0, stream.Length)] : Samples(file, stream))
            {
                stream.Position = start;
                Append(hash, stream, length, buffer);
            }
        }

        return Text(hash);
    }

    /// <summary>The header, and of every tensor the beginning, the middle and the end.</summary>
    private static IEnumerable<(long Start, long Length)> Samples(SafetensorsFile file, FileStream stream)
    {
        byte[] prefix = new byte[sizeof(long)];
        stream.ReadExactly(prefix);
        yield return (0, sizeof(long) + BinaryPrimitives.ReadInt64LittleEndian(prefix));
        foreach (SafetensorsEntry entry in file.Entries.Values.OrderBy(entry => entry.Offset))
        {
            long length = Math.Min(SampleLength, entry.ByteLength);
            long last = entry.ByteLength - length;
            foreach (long start in new[] { 0, last / 2, last }.Distinct())
            {
                yield return (entry.Offset + start, length);
            }
        }
    }

    private static void AppendFile(IncrementalHash hash, string path)
    {
        using FileStream stream = CheckpointFile.OpenRead(path);
        AppendNumber(hash, stream.Length);
        Append(hash, stream, stream.Length, new byte[SampleLength]);
    }

    private static void Append(IncrementalHash hash, FileStream stream, long length, byte[] buffer)
    {
        for (long left = length; left > 0; )
        {
            int count = (int)Math.Min(left, buffer.Length);
            stream.ReadExactly(buffer, 0, count);
            hash.AppendData(buffer, 0, count);
            left -= count;
        }
    }

    private static void AppendNumber(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }

    private static string Text(IncrementalHash hash) => Convert.ToHexString(hash.GetHashAndReset());
}
