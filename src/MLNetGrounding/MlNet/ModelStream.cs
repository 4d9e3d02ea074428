using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding;
using MLNetGrounding.MlNet;
using MLNetGrounding.Saving;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(typeof(RowMapTransformer), typeof(ModelStream), null, typeof(SignatureLoadModel), "", ModelStream.LoaderSignature)]

namespace MLNetGrounding.MlNet;

/// <summary>
/// Writes a component into a model of ML.NET and reads it back: one text per component, in an envelope of length and hash.
/// </summary>
/// <remarks>
/// This is the only place that uses what ML.NET keeps internal (see build/PublicizedReference.targets). Should a later ML.NET change it,
/// saving and loading end in a <see cref="NotSupportedException"/> that says so, and everything else works on.
/// The envelope, after ML.NET's own header: the length of the text in bytes (4 bytes, little-endian), its SHA-256 (32 bytes), the text.
/// </remarks>
internal static class ModelStream
{
    /// <summary>Names <see cref="Create"/> in saved models, so that it never changes.</summary>
    public const string LoaderSignature = KnownLoaders.Own;

    /// <summary>The settings of a component are a few kilobytes; what was learned from data may be more.</summary>
    public const int LongestText = 64 << 20;

    private const string ModelSignature = "GROUNDNG";

    /// <summary>The version of the envelope. What is in it has versions of its own, see <see cref="SavedComponent"/>.</summary>
    private const uint Version = 0x00010001;

    public static void Write(ModelSaveContext context, byte[] text)
    {
        try
        {
            WriteCore(context, text);
        }
        catch (Exception exception) when (IsMissingMember(exception))
        {
            throw Unsupported("saved", exception);
        }
    }

    /// <summary>Called by ML.NET for every component of a model that carries <see cref="LoaderSignature"/>.</summary>
    internal static RowMapTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        try
        {
            return SavedComponents.Read(Read(context), new SavedModelOrigin(environment, FolderOf(context)) { Resolver = SavedModelFile.Resolver });
        }
        catch (Exception exception) when (IsMissingMember(exception))
        {
            throw Unsupported("loaded", exception);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteCore(ModelSaveContext context, byte[] text)
    {
        // The assembly's simple name, so that a later version of it is taken too; what it cannot read it refuses itself, in clearer words.
        context.SetVersionInfo(new VersionInfo(ModelSignature, Version, Version, Version, typeof(ModelStream).Assembly.GetName().Name, LoaderSignature));
        context.Writer.Write(text.Length);
        context.Writer.Write(SHA256.HashData(text));
        context.Writer.Write(text);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte[] Read(ModelLoadContext context)
    {
        ulong signature = BinaryPrimitives.ReadUInt64LittleEndian("GROUNDNG"u8);
        if (context.Header.ModelSignature != signature)
        {
            throw new SavedModelException("The saved model names a component of MLNetGrounding, but holds something else.");
        }

        if (context.Header.ModelVerReadable > Version)
        {
            throw new SavedModelException(
                $"The saved model has envelope version {context.Header.ModelVerReadable:x8}; this version of MLNetGrounding reads up to {Version:x8}. Load it with the version that saved it, or a later one.");
        }

        BinaryReader reader = context.Reader;
        long left = context.FpMin + context.Header.FpModel + context.Header.CbModel - reader.BaseStream.Position;
        const int envelope = sizeof(int) + SHA256.HashSizeInBytes;
        int length = left < envelope ? -1 : reader.ReadInt32();
        if (length < 0 || length > LongestText || length != left - envelope)
        {
            throw new SavedModelException($"The saved model is damaged: a component of {left} bytes claims a text of {length}.");
        }

        byte[] hash = reader.ReadBytes(SHA256.HashSizeInBytes);
        byte[] text = reader.ReadBytes(length);
        return text.Length == length && CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(text))
            ? text
            : throw new SavedModelException("The saved model is damaged: the text of a component does not have the hash that was saved with it.");
    }

    /// <summary>The folder of the zip that is being loaded, or <see langword="null"/> where it comes from no file or that cannot be told.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? FolderOf(ModelLoadContext context)
    {
        try
        {
            return ArchiveStream(context.Repository._archive) is FileStream file ? Path.GetDirectoryName(Path.GetFullPath(file.Name)) : null;
        }
        catch (Exception exception) when (IsMissingMember(exception))
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_archiveStream")]
    private static extern ref Stream ArchiveStream(ZipArchive archive);

    private static bool IsMissingMember(Exception exception) => exception is MissingMemberException or TypeLoadException or MemberAccessException;

    private static NotSupportedException Unsupported(string verb, Exception cause) => new(
        $"Models with components of MLNetGrounding cannot be {verb} with Microsoft.ML {typeof(MLContext).Assembly.GetName().Version}, which lacks '{cause.Message}'. Use the version of Microsoft.ML that this package depends on.",
        cause);
}
