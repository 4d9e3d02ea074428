using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MLNetGrounding.Architecture;

/// <summary>The sources below src, compiled project by project.</summary>
internal sealed class SourceTree
{
    /// <summary>Names another tree to look at, an earlier one for example. Default: the tree that these tests were built from.</summary>
    public const string RootVariable = "ARCHITECTURE_ROOT";

    private static readonly Lazy<SourceTree> Shared = new(() => new SourceTree(FindRoot()));

    private static readonly string[] ImplicitUsings =
    [
        "System",
        "System.Collections.Generic",
        "System.IO",
        "System.Linq",
        "System.Net.Http",
        "System.Threading",
        "System.Threading.Tasks",
    ];

    private SourceTree(string root)
    {
        var projects = Directory
            .EnumerateFiles(Path.Combine(root, "src"), "*.csproj", SearchOption.AllDirectories)
            // The command line is a program over the libraries, like the examples, and shares sources with them.
            .Where(path => !XElement.Load(path).Descendants("PackAsTool").Any())
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal);
        MetadataReference[] libraries = Libraries(projects);
        var compiled = new Dictionary<string, SourceAssembly>(StringComparer.Ordinal);
        foreach (string project in projects.Keys.Order(StringComparer.Ordinal))
        {
            Compile(project, projects, libraries, compiled);
        }

        Assemblies = [.. compiled.Values];
    }

    public static SourceTree Current => Shared.Value;

    /// <summary>Each assembly after those that it refers to.</summary>
    public IReadOnlyList<SourceAssembly> Assemblies { get; }

    public static string FindRoot()
    {
        if (Environment.GetEnvironmentVariable(RootVariable) is { Length: > 0 } other)
        {
            return other;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (folder.EnumerateFiles("*.sln").Any())
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds a solution. Set {RootVariable}.");
    }

    // All that the tests' own process can load, but for what is compiled here.
    private static MetadataReference[] Libraries(Dictionary<string, string> projects) =>
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Where(path => !projects.ContainsKey(Path.GetFileNameWithoutExtension(path)))
                .Where(path => !Path.GetFileName(path).StartsWith("MLNetGrounding", StringComparison.Ordinal))
                .Select(path => MetadataReference.CreateFromFile(path)),
        ];

    private static SourceAssembly Compile(
        string name,
        Dictionary<string, string> projects,
        MetadataReference[] libraries,
        Dictionary<string, SourceAssembly> compiled
    )
    {
        if (compiled.TryGetValue(name, out SourceAssembly? done))
        {
            return done;
        }

        var project = XElement.Load(projects[name]);
        MetadataReference[] referred =
        [
            .. project
                .Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')))
                .Where(projects.ContainsKey)
                .SelectMany(reference => Compile(reference, projects, libraries, compiled).WithReferences),
        ];
        string folder = Path.GetDirectoryName(projects[name])!;
        var parsing = new CSharpParseOptions(
            LanguageVersion.Preview,
            DocumentationMode.None,
            preprocessorSymbols: ["NET", "NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER"]
        );
        IEnumerable<SyntaxTree> trees = Directory
            .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), parsing, path));
        // What the build adds: implicit usings, and the names of the assemblies that see this one's internals.
        SyntaxTree added = CSharpSyntaxTree.ParseText(
            string.Concat(ImplicitUsings.Select(each => $"global using {each};\n"))
                + string.Concat(
                    projects.Keys.Select(each => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{each}\")]\n")
                ),
            parsing
        );
        var compilation = CSharpCompilation.Create(
            name,
            [.. trees, added],
            [.. libraries, .. referred],
            // With what ML.NET keeps internal, of which one room makes use.
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable,
                metadataImportOptions: MetadataImportOptions.All
            )
        );
        return compiled[name] = new SourceAssembly(name, folder, compilation);
    }
}
