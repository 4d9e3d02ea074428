using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;
using System.Reflection;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Runtime;

/// <summary>A file as a tensor, without reading it: pages are read when they are used, and given back when memory is short.</summary>
/// <remarks>
/// <para>
/// TorchSharp's <c>from_file</c> maps pages that could be written to, for which the kernel wants memory for the whole file, so that a file
/// larger than memory does not open. The mapping here is for reading only and needs none. Its tensors must not be written to.
/// </para>
/// <para>
/// TorchSharp has no public way from a pointer to a tensor, so its own declaration of the native function is called. Where a version of
/// TorchSharp declares it otherwise, <c>from_file</c> is used, with its limit.
/// </para>
/// </remarks>
internal static unsafe class MappedFile
{
    private static readonly Type[] KnownParameters =
    [
        typeof(nint),
        typeof(Delegate),
        typeof(long),
        typeof(long),
        typeof(sbyte),
        typeof(sbyte),
        typeof(int),
        typeof(int),
        typeof(bool),
    ];

    private static readonly ConcurrentDictionary<nint, MemoryMappedViewAccessor> Views = [];

    private static readonly MethodInfo? FromBuffer = Find();

    // Native code holds the pointer of this delegate for as long as the process lives.
    private static readonly Delegate? Deleter = FromBuffer is null
        ? null
        : Delegate.CreateDelegate(
            FromBuffer.GetParameters()[1].ParameterType,
            typeof(MappedFile).GetMethod(nameof(Release), BindingFlags.NonPublic | BindingFlags.Static)!
        );

    /// <summary>Whether files larger than memory can be mapped with this version of TorchSharp.</summary>
    public static bool IsUnlimited => FromBuffer is not null;

    /// <summary>Maps a file as elements of one type <c>[length / size]</c>; bytes at the end that fill no element are left out.</summary>
    /// <exception cref="IOException">The file cannot be mapped.</exception>
    public static Tensor Map(string path, ScalarType type, int elementSize)
    {
        using FileStream stream = File.OpenRead(path);
        long length = stream.Length;
        if (FromBuffer is null)
        {
            return from_file(path, shared: false, size: length / elementSize, dtype: type);
        }

        using var file = MemoryMappedFile.CreateFromFile(
            stream,
            mapName: null,
            capacity: 0,
            MemoryMappedFileAccess.Read,
            HandleInheritability.None,
            leaveOpen: true
        );
        MemoryMappedViewAccessor view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        nint address = (nint)(start + view.PointerOffset);
        Views[address] = view;
        nint handle;
        try
        {
            handle = (nint)FromBuffer.Invoke(null, [address, Deleter, length / elementSize, 0L, (sbyte)type, (sbyte)type, 0, -1, false])!;
        }
        catch
        {
            Release(address);
            throw;
        }

        if (handle == 0)
        {
            Release(address);
            throw new IOException("libtorch did not take the mapping.");
        }

        return Tensor.UnsafeCreateTensor(handle);
    }

    /// <summary>Called by libtorch when the last tensor that looks into a mapping is gone.</summary>
    private static void Release(nint address)
    {
        if (Views.TryRemove(address, out MemoryMappedViewAccessor? view))
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
        }
    }

    private static MethodInfo? Find()
    {
        MethodInfo? method = typeof(TorchSharp.torch)
            .Assembly.GetType("TorchSharp.PInvoke.NativeMethods")
            ?.GetMethod("THSTensor_frombuffer", BindingFlags.NonPublic | BindingFlags.Static);
        ParameterInfo[] parameters = method?.GetParameters() ?? [];
        return
            method is not null
            && method.ReturnType == typeof(nint)
            && parameters.Length == KnownParameters.Length
            && parameters.Zip(KnownParameters).All(pair => pair.Second.IsAssignableFrom(pair.First.ParameterType))
            ? method
            : null;
    }
}
