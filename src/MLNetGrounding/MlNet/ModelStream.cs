using System.IO.Compression;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.MlNet;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(typeof(ITransformer), typeof(ModelStream), null, typeof(SignatureLoadModel), "", ModelStream.LoaderSignature)]

namespace MLNetGrounding.MlNet;

/// <summary>Where components of this library go into a model of ML.NET, and where ML.NET finds them again.</summary>
/// <remarks>
/// This is the only place that uses what ML.NET keeps internal at compile time (see build/PublicizedReference.targets). Should a later
/// ML.NET change it, saving and loading end in a <see cref="NotSupportedException"/> that says so, and everything else works on.
/// </remarks>
internal static class ModelStream
{
    /// <summary>Names <see cref="Create"/> in saved models, so that it never changes.</summary>
    public const string LoaderSignature = "MLNetGrounding";

    /// <summary>Writes ML.NET's header of a component, and what <paramref name="write"/> writes behind it.</summary>
    /// <param name="context">Where the component goes.</param>
    /// <param name="signature">Eight characters that say whose component it is.</param>
    /// <param name="version">The version of the format.</param>
    /// <param name="write">Writes the component's own bytes.</param>
    public static void Write(ModelSaveContext context, string signature, uint version, Action<BinaryWriter> write)
    {
        try
        {
            WriteCore(context, signature, version, write);
        }
        catch (Exception exception) when (IsMissingMember(exception))
        {
            throw Unsupported("saved", exception);
        }
    }

    /// <summary>Called by ML.NET for every component of a model that carries <see cref="LoaderSignature"/>.</summary>
    internal static ITransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        try
        {
            Type reader = typeof(ModelStream).Assembly.GetCustomAttribute<ComponentReaderAttribute>()!.Reader;
            return ((IComponentReader)Activator.CreateInstance(reader)!).Read(Read(context), environment);
        }
        catch (Exception exception) when (IsMissingMember(exception))
        {
            throw Unsupported("loaded", exception);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteCore(ModelSaveContext context, string signature, uint version, Action<BinaryWriter> write)
    {
        // The assembly's simple name, so that a later version of it is taken too; what it cannot read it refuses itself, in clearer words.
        context.SetVersionInfo(
            new VersionInfo(signature, version, version, version, typeof(ModelStream).Assembly.GetName().Name, LoaderSignature)
        );
        write(context.Writer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static StoredComponent Read(ModelLoadContext context)
    {
        BinaryReader reader = context.Reader;
        long left = context.FpMin + context.Header.FpModel + context.Header.CbModel - reader.BaseStream.Position;
        return new StoredComponent(context.Header.ModelSignature, context.Header.ModelVerReadable, reader, left, FolderOf(context));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? FolderOf(ModelLoadContext context)
    {
        try
        {
            return ArchiveStream(context.Repository._archive) is FileStream file
                ? Path.GetDirectoryName(Path.GetFullPath(file.Name))
                : null;
        }
        catch (Exception exception) when (IsMissingMember(exception))
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_archiveStream")]
    private static extern ref Stream ArchiveStream(ZipArchive archive);

    private static bool IsMissingMember(Exception exception) =>
        exception is MissingMemberException or TypeLoadException or MemberAccessException;

    private static NotSupportedException Unsupported(string verb, Exception cause) =>
        new(
            $"Models with components of MLNetGrounding cannot be {verb} with Microsoft.ML {typeof(MLContext).Assembly.GetName().Version}, which lacks '{cause.Message}'. Use the version of Microsoft.ML that this package depends on.",
            cause
        );
}
