using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.ML;

namespace MLNetGrounding.Saving;

/// <summary>Looks through a saved model before it is loaded.</summary>
/// <remarks>
/// ML.NET loads the assembly that a component of the file names, and believes the lengths that it states. Here only ML.NET's and our own
/// assemblies are let through, and lengths are held against what is there. Layout of a component's <c>Model.key</c>: a header of 256 bytes,
/// little-endian; among others the place and length of the component's own bytes (at 16 and 24), the name of its loader in Latin-1 (at 80, 24
/// bytes) and place and length of the name of its assembly in UTF-16 (at 144, 8 bytes, and 152, 4 bytes).
/// </remarks>
internal static class SavedModelFile
{
    private const string ComponentEntry = "Model.key";
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
        ModelOperationsCatalog catalog, FileStream stream, out DataViewSchema? inputSchema, Func<CheckpointReference, string?>? resolver)
    {
        ReadThrough(stream);
        ResolverOfThisLoading.Value = resolver;
        try
        {
            Check(stream);
            stream.Position = 0;
            return catalog.Load(stream, out inputSchema);
        }
        catch (Exception exception) when (exception.GetBaseException() is not (OutOfMemoryException or NotSupportedException))
        {
            throw exception.GetBaseException() as SavedModelException
                ?? new SavedModelException($"'{stream.Name}' is no saved model, or a damaged one: {exception.GetBaseException().Message}", exception);
        }
        finally
        {
            ResolverOfThisLoading.Value = null;
        }
    }

    /// <summary>
    /// Finds out whether the system can read the file at all: what readers throw afterwards, <see cref="IOException"/> too, comes of what it holds.
    /// </summary>
    private static void ReadThrough(FileStream stream)
    {
        Span<byte> buffer = new byte[1 << 16];
        while (stream.Read(buffer) > 0)
        {
        }

        stream.Position = 0;
    }

    private static void Check(FileStream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        if (archive.Entries.Count > MostEntries)
        {
            throw new SavedModelException($"'{stream.Name}' holds {archive.Entries.Count} entries; at most {MostEntries} were expected.");
        }

        long total = 0;
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

            CheckContent(entry, stream.Name);
            if (steps[^1] == ComponentEntry)
            {
                CheckComponent(entry, stream.Name, archive.Entries.Count);
            }
        }
    }

    /// <summary>Unpacks an entry once, to hold it against its own length and check sum, which nobody else does.</summary>
    private static void CheckContent(ZipArchiveEntry entry, string path)
    {
        using Stream source = entry.Open();
        byte[] buffer = new byte[1 << 16];
        uint checkSum = Crc32.Start;
        long length = 0;
        for (int count; (count = source.Read(buffer)) > 0 && length <= entry.Length; length += count)
        {
            checkSum = Crc32.Append(checkSum, buffer.AsSpan(0, count));
        }

        if (length != entry.Length || Crc32.Finish(checkSum) != entry.Crc32)
        {
            throw new SavedModelException($"'{path}' is damaged: '{entry.FullName}' does not have the length and check sum that the file states.");
        }
    }

    private static void CheckComponent(ZipArchiveEntry entry, string path, int entries)
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
        long nameStart = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(144));
        uint nameLength = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(152));
        bool hasName = nameLength > 0;
        if (start != HeaderLength || length < 0 || length > entry.Length - start
            || (hasName && (nameStart < header.Length || nameLength > LongestAssemblyName || nameStart > entry.Length - nameLength)))
        {
            throw Damaged();
        }

        // A chain makes room for as many steps as it claims to have before it looks for the first.
        if (loader == "TransformerChain" && BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(HeaderLength)) > entries)
        {
            throw Damaged();
        }

        if (hasName)
        {
            Skip(source, nameStart - header.Length);
            byte[] name = new byte[nameLength];
            source.ReadExactly(name);
            CheckAssembly(Encoding.Unicode.GetString(name).Split(',')[0], path);
        }

        SavedModelException Damaged() => new($"'{path}' is damaged: '{entry.FullName}' states lengths that do not fit its {entry.Length} bytes.");
    }
    private static void CheckAssembly(string assembly, string path)
    {
        if (assembly != OwnAssembly && !assembly.StartsWith(MicrosoftAssemblies, StringComparison.Ordinal))
        {
            throw new SavedModelException(
                $"'{path}' holds a component of the assembly '{assembly}'. Only components of ML.NET and of {OwnAssembly} are loaded here; load files that you trust with MLContext.Model.Load.");
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
