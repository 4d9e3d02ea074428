using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using Microsoft.ML;

namespace MLNetGrounding.Saving;

/// <summary>Looks through a saved model before it is loaded.</summary>
/// <remarks>
/// ML.NET loads the assembly and makes the component that the file names, and believes the lengths that it states. Here only ML.NET's and
/// our own assemblies and only <see cref="KnownLoaders"/> are let through, and lengths are held against what is there. Layout of a
/// component's <c>Model.key</c>: a header of 256 bytes, little-endian; among others the place and length of the component's own bytes (at
/// 16 and 24), the names of its loader and of another one to try, in Latin-1 (at 80 and 104, 24 bytes each), and place and length of the
/// name of its assembly in UTF-16 (at 144, 8 bytes, and 152, 4 bytes).
/// </remarks>
internal static class SavedModelFile
{
    private const string ComponentEntry = "Model.key";
    private const string ChainFolder = "TransformerChain/";
    private const string ChainLoader = "TransformerChain";
    private const string VersionFolder = "TrainingInfo/";
    private const string OwnAssembly = "MLNetGrounding";
    private const string MicrosoftAssemblies = "Microsoft.ML.";

    private const int MostEntries = 4096;
    private const long LargestContent = 1L << 30;
    private const int HeaderLength = 256;
    private const int LongestAssemblyName = 1024;

    private static readonly AsyncLocal<Func<CheckpointReference, string?>?> ResolverOfThisLoading = new();

    /// <summary>What the loading that runs on this thread was given to find checkpoints.</summary>
    public static Func<CheckpointReference, string?>? Resolver => ResolverOfThisLoading.Value;

    public static ITransformer Load(
        ModelOperationsCatalog catalog,
        FileStream stream,
        out DataViewSchema? inputSchema,
        SavedModelOptions options
    )
    {
        ReadThrough(stream);
        ResolverOfThisLoading.Value = options.Resolver;
        try
        {
            Check(stream, options);
            stream.Position = 0;
            return catalog.Load(stream, out inputSchema);
        }
        catch (Exception exception) when (exception.GetBaseException() is not OutOfMemoryException && !IsUnsupported(exception))
        {
            throw exception.GetBaseException() as SavedModelException
                ?? new SavedModelException(
                    $"'{stream.Name}' is no saved model, or a damaged one: {exception.GetBaseException().Message}",
                    exception
                );
        }
        finally
        {
            ResolverOfThisLoading.Value = null;
        }
    }

    /// <summary>Whether this ML.NET lacks what saved models need: that is no fault of the file.</summary>
    private static bool IsUnsupported(Exception exception) =>
        exception is NotSupportedException { InnerException: MissingMemberException or TypeLoadException or MemberAccessException }
        || (exception.InnerException is { } inner && IsUnsupported(inner));

    /// <summary>
    /// Finds out whether the system can read the file at all: what readers throw afterwards, <see cref="IOException"/> too, comes of what
    /// it holds.
    /// </summary>
    private static void ReadThrough(FileStream stream)
    {
        Span<byte> buffer = new byte[1 << 16];
        while (stream.Read(buffer) > 0) { }

        stream.Position = 0;
    }

    private static void Check(FileStream stream, SavedModelOptions options)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        if (archive.Entries.Count > MostEntries)
        {
            throw new SavedModelException($"'{stream.Name}' holds {archive.Entries.Count} entries; at most {MostEntries} were expected.");
        }

        long total = 0;
        // ML.NET looks some names up without regard to case.
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            total += entry.Length;
            if (total > LargestContent || entry.Length < 0)
            {
                throw new SavedModelException($"'{stream.Name}' unpacks to more than {LargestContent >> 20} MiB.");
            }

            string[] steps = entry.FullName.Split('/', '\\');
            if (steps.Contains("..") || Path.IsPathRooted(entry.FullName) || entry.FullName.Contains(':', StringComparison.Ordinal))
            {
                throw new SavedModelException($"'{stream.Name}' holds an entry outside of itself: '{entry.FullName}'.");
            }

            string name = string.Join('/', steps);
            if (!names.Add(name))
            {
                throw new SavedModelException($"'{stream.Name}' holds two entries of the name '{entry.FullName}'.");
            }

            if (
                name != SavedSchema.EntryName
                && !name.StartsWith(ChainFolder, StringComparison.Ordinal)
                && !name.StartsWith(VersionFolder, StringComparison.Ordinal)
            )
            {
                throw new SavedModelException(
                    $"'{stream.Name}' holds '{entry.FullName}', which is no part of a chain of transformers and its schema. Load files that you trust with MLContext.Model.Load."
                );
            }

            CheckContent(entry, stream.Name);
            if (string.Equals(steps[^1], ComponentEntry, StringComparison.OrdinalIgnoreCase))
            {
                CheckComponent(entry, stream.Name, archive.Entries.Count, options);
            }
            else if (name == SavedSchema.EntryName)
            {
                CheckSchema(entry, stream.Name);
            }
        }
    }

    /// <summary>Unpacks an entry once, to hold it against its own length and check sum, which nobody else does.</summary>
    private static void CheckContent(ZipArchiveEntry entry, string path)
    {
        using Stream source = entry.Open();
        byte[] buffer = new byte[1 << 16];
        var checkSum = new Crc32();
        long length = 0;
        for (int count; (count = source.Read(buffer)) > 0 && length <= entry.Length; length += count)
        {
            checkSum.Append(buffer.AsSpan(0, count));
        }

        if (length != entry.Length || checkSum.GetCurrentHashAsUInt32() != entry.Crc32)
        {
            throw new SavedModelException(
                $"'{path}' is damaged: '{entry.FullName}' does not have the length and check sum that the file states."
            );
        }
    }

    private static void CheckComponent(ZipArchiveEntry entry, string path, int entries, SavedModelOptions options)
    {
        if (entry.Length < HeaderLength + sizeof(int))
        {
            throw Damaged();
        }

        // Read piece by piece: an entry may claim to be far larger than it is.
        using Stream source = entry.Open();
        byte[] header = new byte[HeaderLength + sizeof(int)];
        source.ReadExactly(header);
        long start = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(16));
        long length = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(24));
        string loader = Encoding.Latin1.GetString(header, 80, 24).TrimEnd('\0');
        string otherLoader = Encoding.Latin1.GetString(header, 104, 24).TrimEnd('\0');
        long nameStart = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(144));
        uint nameLength = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(152));
        bool hasName = nameLength > 0;
        if (
            start != HeaderLength
            || length < 0
            || length > entry.Length - start
            || (hasName && (nameStart < HeaderLength || nameLength > LongestAssemblyName || nameStart > entry.Length - nameLength))
        )
        {
            throw Damaged();
        }

        if ((loader.Length > 0 || otherLoader.Length == 0) && !IsKnown(loader))
        {
            throw UnknownLoader(loader);
        }

        if (otherLoader.Length > 0 && !IsKnown(otherLoader))
        {
            throw UnknownLoader(otherLoader);
        }

        // A chain makes room for as many steps as it claims to have before it looks for the first.
        if (
            (loader == ChainLoader || otherLoader == ChainLoader)
            && BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(HeaderLength)) > entries
        )
        {
            throw Damaged();
        }

        using (Stream own = entry.Open())
        {
            Skip(own, start);
            if (!StatedCounts.Fit(loader.Length > 0 ? loader : otherLoader, own, length))
            {
                throw Damaged();
            }
        }

        if (hasName)
        {
            // Of a component without bytes of its own it begins where those would.
            using Stream again = entry.Open();
            Skip(again, nameStart);
            byte[] name = new byte[nameLength];
            again.ReadExactly(name);
            CheckAssembly(Encoding.Unicode.GetString(name).Split(',')[0], path, options);
        }

        bool IsKnown(string name) => KnownLoaders.Contains(name) || options.TrustedComponents.Contains(name, StringComparer.Ordinal);

        SavedModelException UnknownLoader(string name) =>
            new(
                $"'{path}' holds a component '{OneLine(name)}' ('{entry.FullName}'), which is not among those that are loaded here: it may run code or read other files. Name it in {nameof(SavedModelOptions)}.{nameof(SavedModelOptions.TrustedComponents)} if you trust it, or load files that you trust with MLContext.Model.Load."
            );

        SavedModelException Damaged() =>
            new($"'{path}' is damaged: '{entry.FullName}' states lengths that do not fit its {entry.Length} bytes.");
    }

    private static void CheckSchema(ZipArchiveEntry entry, string path)
    {
        if (entry.Length > SavedSchema.LargestContent)
        {
            throw new SavedModelException(
                $"'{path}' holds a schema of {entry.Length} bytes; at most {SavedSchema.LargestContent} were expected."
            );
        }

        using Stream source = entry.Open();
        byte[] content = new byte[entry.Length];
        source.ReadExactly(content);
        SavedSchema.Check(content, path);
    }

    private static string OneLine(string name) => string.Concat(name.Select(character => char.IsControl(character) ? '?' : character));

    private static void CheckAssembly(string assembly, string path, SavedModelOptions options)
    {
        if (
            assembly != OwnAssembly
            && !assembly.StartsWith(MicrosoftAssemblies, StringComparison.Ordinal)
            && !options.TrustedAssemblies.Contains(assembly, StringComparer.Ordinal)
        )
        {
            throw new SavedModelException(
                $"'{path}' holds a component of the assembly '{assembly}'. Only components of ML.NET and of {OwnAssembly} are loaded here, and of {nameof(SavedModelOptions)}.{nameof(SavedModelOptions.TrustedAssemblies)}; or load files that you trust with MLContext.Model.Load."
            );
        }
    }

    private static void Skip(Stream source, long count)
    {
        Span<byte> buffer = stackalloc byte[1024];
        while (count > 0)
        {
            int some = (int)Math.Min(count, buffer.Length);
            source.ReadExactly(buffer[..some]);
            count -= some;
        }
    }
}
