using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNetGrounding.Models.Runtime;

/// <summary>Lets TorchSharp load on Linux systems whose C++ runtime is older than the one TorchSharp was linked against.</summary>
/// <remarks>
/// <para>
/// TorchSharp's <c>libLibTorchSharp.so</c> asks for the symbol version <c>GLIBCXX_3.4.32</c> (GCC 13.2), which Debian 12, Ubuntu 22.04
/// and RHEL 9 lack. Nothing in the library calls the one symbol behind that version, so a private copy with the requirement marked
/// weak is loaded before TorchSharp looks for the library. The loader then finds it already loaded under the same name.
/// </para>
/// <para>
/// Where the library loads as it is, on other systems, and where no back end was deployed, nothing happens: TorchSharp's own
/// messages stay what they are. The type can be deleted when TorchSharp ships a portable build.
/// </para>
/// </remarks>
internal static class TorchRuntime
{
    private const string Library = "libLibTorchSharp.so";
    private const string Backend = "libtorch_cpu.so";
    private const string UnmetVersion = "GLIBCXX_3.4.32";

    private static readonly string Remedy =
        $"It needs {UnmetVersion} or a temporary folder ({Path.GetTempPath()}) that can be written and holds libraries that can be loaded; TMPDIR names another.";

    // Order matters: each library needs those before it.
    private static readonly string[] Dependencies =
    [
        "libgomp*.so*",
        "libc10.so",
        Backend,
        "libc10_cuda.so",
        "libtorch_cuda.so",
        "libtorch.so",
    ];

    private static readonly Lazy<string?> Problem = new(Prepare);

    /// <summary>
    /// Prepares TorchSharp for this process; must run before the first touch of <c>torch</c>, whose failure is permanent.
    /// </summary>
    /// <returns>Why that was not possible, or <see langword="null"/>.</returns>
    public static string? EnsureLoadable() => Problem.Value;

#pragma warning disable CA2255 // The point is to run before any code of this library can touch torch.
    [ModuleInitializer]
    internal static void Initialize() => EnsureLoadable();
#pragma warning restore CA2255

    // Never throws: a module initializer that does makes all of the library unusable, whatever of it was wanted.
    private static string? Prepare()
    {
        PassiveWaiting.Apply();
        try
        {
            return OperatingSystem.IsLinux() && FindLibrary() is { } library && !NativeLibrary.TryLoad(library, out _)
                ? LoadWithDependencies(library)
                : null;
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or ArgumentException
                        or IndexOutOfRangeException
                        or OverflowException
            )
        {
            return $"{Library} could not be made to load on this system's C++ runtime: {exception.Message} {Remedy}";
        }
    }

    private static string? LoadWithDependencies(string library)
    {
        // Without libtorch no copy can load, and what is missing is a package.
        bool complete = false;
        foreach (string pattern in Dependencies)
        {
            foreach (string directory in SearchDirectories())
            {
                foreach (string dependency in Directory.EnumerateFiles(directory, pattern))
                {
                    complete |= NativeLibrary.TryLoad(dependency, out _) && Path.GetFileName(dependency) == Backend;
                }
            }
        }

        byte[] image = File.ReadAllBytes(library);
        if (!complete || !ElfVersionNeeds.TryWeaken(image, UnmetVersion) || LoadPrivateCopy(image))
        {
            return null;
        }

        return $"A copy of {Library} that this system's C++ runtime can load was refused. {Remedy}";
    }

    private static bool LoadPrivateCopy(byte[] image)
    {
        string directory = Directory.CreateTempSubdirectory("mlnet-grounding-").FullName;
        try
        {
            string copy = Path.Combine(directory, Library);
            File.WriteAllBytes(copy, image);
            return NativeLibrary.TryLoad(copy, out _);
        }
        finally
        {
            // A loaded library stays mapped after its file is gone, so nothing is left behind.
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string? FindLibrary() =>
        SearchDirectories().Select(directory => Path.Combine(directory, Library)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> SearchDirectories()
    {
        // What the host computed from the application's dependency manifest, then the places of a plain copy.
        string probed = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string runtimeIdentifier = "linux-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string? assemblyDirectory = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        string[] applicationDirectories = [AppContext.BaseDirectory, assemblyDirectory ?? AppContext.BaseDirectory];
        return probed
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(
                applicationDirectories.SelectMany(directory =>
                    new[] { directory, Path.Combine(directory, "runtimes", runtimeIdentifier, "native") }
                )
            )
            .Where(Directory.Exists)
            .Distinct(StringComparer.Ordinal);
    }
}
