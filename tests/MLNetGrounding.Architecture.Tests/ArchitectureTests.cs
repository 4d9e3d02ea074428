using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MLNetGrounding.Architecture;

/// <summary>Which room may know which.</summary>
[TestClass]
public sealed partial class ArchitectureTests
{
    private const string Maths = "MLNetGrounding.Maths";
    private const string Models = "MLNetGrounding.Models";
    private const string Components = "MLNetGrounding";
    private const string Samples = "MLNetGrounding.Samples";

    private static readonly string[] BirdWords =
    [
        "bird",
        "birds",
        "cub",
        "beak",
        "beaks",
        "wing",
        "wings",
        "feather",
        "feathers",
        "plumage",
        "species",
        "nape",
        "belly",
    ];

    // Families that the tree may not have yet are known all the same.
    private static readonly string[] FamilyWords =
    [
        "llava",
        "llama",
        "vicuna",
        "mistral",
        "qwen",
        "gemma",
        "paligemma",
        "idefics",
        "smolvlm",
        "internvl",
        "siglip",
        "deepseek",
        "lfm",
        "florence",
    ];

    // Names that others gave: a kind of rotary scaling in any decoder's settings, and a type of Microsoft.ML.Tokenizers that reads
    // SentencePiece models.
    private static readonly string[] NamesOfOthers = ["llama3", "LlamaTokenizer"];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void EveryNameInTheSourcesIsKnown()
    {
        string[] unresolved = [.. SourceTree.Current.Assemblies.SelectMany(assembly => assembly.Unresolved).Distinct()];
        Assert.IsEmpty(unresolved, $"Arrows may be missing from the picture:\n{string.Join('\n', unresolved.Take(30))}");
        Assert.IsGreaterThanOrEqualTo(4, SourceTree.Current.Assemblies.Count);
    }

    [TestMethod]
    public void FoldersFormNoCircles()
    {
        var found = new List<Violation>();
        foreach (SourceAssembly assembly in SourceTree.Current.Assemblies)
        {
            FolderGraph graph = assembly.Folders;
            foreach (IReadOnlyList<string> circle in graph.Circles)
            {
                found.Add(
                    new(assembly.Name, "", $"a circle of {string.Join(", ", circle)}:\n  {string.Join("\n  ", graph.Describe(circle))}")
                );
            }
        }

        Violation.RequireNone(found);
    }

    [TestMethod]
    public void NoRoomKnowsALibraryThatItMayNot()
    {
        Violation[] found =
        [
            .. Forbidden(Maths, assembly => assembly.StartsWith("TorchSharp", StringComparison.Ordinal) || IsMlNet(assembly)),
            .. Forbidden(Models, IsMlNet),
        ];
        Violation.RequireNone(found);

        static bool IsMlNet(string assembly) =>
            assembly.StartsWith("Microsoft.ML", StringComparison.Ordinal)
            && !assembly.StartsWith("Microsoft.ML.Tokenizers", StringComparison.Ordinal);

        static IEnumerable<Violation> Forbidden(string room, Func<string, bool> forbidden) =>
            from assembly in SourceTree.Current.Assemblies
            where assembly.Name == room
            from use in assembly.Uses
            where forbidden(use.Assembly)
            select new Violation(room, use.File, $"{use.Type} of {use.Assembly}");
    }

    [TestMethod]
    public void OnlyTheirOwnRoomsKnowBirds() =>
        Violation.RequireNone(
            Words(
                BirdWords,
                (assembly, file) =>
                    assembly == Samples
                    || (
                        assembly == Components
                        && (file.StartsWith("Data/Cub/", StringComparison.Ordinal) || file == "Catalogs/GroundingDataCatalog.cs")
                    )
            )
        );

    [TestMethod]
    public void OnlyItsOwnFolderKnowsAFamily() =>
        Violation.RequireNone(
            Words(
                FamilyWords,
                (assembly, file) => assembly == Samples || (assembly == Models && file.StartsWith("Families/", StringComparison.Ordinal))
            )
        );

    [TestMethod]
    public void NoFamilyKnowsAnother()
    {
        SourceAssembly models = SourceTree.Current.Assemblies.Single(assembly => assembly.Name == Models);
        Violation[] found =
        [
            .. from use in models.Uses
            let own = FamilyOf(use.File)
            let other = use.TypeFolder is null ? null : FamilyOf(use.TypeFolder + "/")
            where own is not null && other is not null && own != other
            select new Violation(Models, use.File, $"{use.Type} of {other}"),
        ];
        Violation.RequireNone(found);

        // Decoders is no family: what several of them have inside.
        static string? FamilyOf(string path) => path.Split('/') is ["Families", not "Decoders" and var family, _, ..] ? family : null;
    }

    [TestMethod]
    public void NamespacesFollowFolders()
    {
        Violation[] found =
        [
            .. from assembly in SourceTree.Current.Assemblies
            from declared in assembly.Types
            let actual = declared.Type.ContainingNamespace.ToDisplayString()
            let expected = Expected(assembly, declared.Type, declared.File)
            where actual != expected
            select new Violation(assembly.Name, declared.File, $"{declared.Type.Name} is in namespace {actual}, expected {expected}"),
        ];
        Violation.RequireNone(found);

        static string Expected(SourceAssembly assembly, INamedTypeSymbol type, string file)
        {
            string folder = SourceAssembly.FolderOf(file);
            if (type.DeclaredAccessibility == Accessibility.Public)
            {
                // Where users look for methods on a context and its catalogs, and on services.
                return type.IsStatic && folder == "Catalogs" ? "Microsoft.ML"
                    : type.IsStatic && folder == "DependencyInjection" ? "Microsoft.Extensions.DependencyInjection"
                    : Components;
            }

            // The runtime knows this one by its full name.
            return type.Name == "IgnoresAccessChecksToAttribute" ? "System.Runtime.CompilerServices"
                : folder == "." ? assembly.Name
                : $"{assembly.Name}.{folder.Replace('/', '.')}";
        }
    }

    [TestMethod]
    public void ThePictureAsCounts()
    {
        foreach (SourceAssembly assembly in SourceTree.Current.Assemblies)
        {
            FolderGraph graph = assembly.Folders;
            IReadOnlyList<IReadOnlyList<string>> circles = graph.Circles;
            TestContext.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{assembly.Name}: {graph.Folders.Count} folders, {graph.Arrows.Count()} arrows, {circles.Count} circles ({circles.Sum(circle => circle.Count)} folders in them), {graph.MutualPairs} mutual pairs"
                )
            );
            TestContext.WriteLine("| folder | known by | knows |");
            TestContext.WriteLine("|---|---|---|");
            foreach (string folder in graph.Folders)
            {
                TestContext.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"| {folder} | {graph.FanIn(folder)} | {graph.FanOut(folder)} |")
                );
            }

            Assert.AreEqual(graph.Folders.Sum(graph.FanIn), graph.Folders.Sum(graph.FanOut));
        }
    }

    private static Violation[] Words(string[] words, Func<string, string, bool> allowed) =>
        [
            .. from assembly in SourceTree.Current.Assemblies
            from tree in assembly.Trees
            let file = assembly.FileOf(tree)
            where !allowed(assembly.Name, file)
            from token in tree.GetRoot().DescendantTokens()
            where
                token.IsKind(SyntaxKind.IdentifierToken)
                || token.Kind()
                    is SyntaxKind.StringLiteralToken
                        or SyntaxKind.InterpolatedStringTextToken
                        or SyntaxKind.SingleLineRawStringLiteralToken
                        or SyntaxKind.MultiLineRawStringLiteralToken
                        or SyntaxKind.Utf8StringLiteralToken
            where
                !NamesOfOthers.Contains(token.ValueText)
                && WordPattern.Matches(token.ValueText).Any(word => words.Contains(word.Value.ToLowerInvariant()))
            select new Violation(assembly.Name, file, $"'{token.ValueText}'"),
        ];

    // FineAttention, fine_attention and "fine attention" are two words each.
    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex WordPattern { get; }
}
