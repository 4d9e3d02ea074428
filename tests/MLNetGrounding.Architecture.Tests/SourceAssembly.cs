using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MLNetGrounding.Architecture;

/// <summary>One assembly: its files, its types, and what they use.</summary>
internal sealed class SourceAssembly
{
    // Uses what ML.NET keeps internal, which only the real build makes visible.
    private const string MlNetFolder = "MlNet";

    private readonly CSharpCompilation _compilation;
    private readonly string _folder;
    private readonly List<string> _unresolved = [];

    public SourceAssembly(string name, string folder, CSharpCompilation compilation)
    {
        Name = name;
        _folder = folder;
        _compilation = compilation;
        Trees = [.. compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0)];
        Uses = [.. Trees.SelectMany(UsesOf).Distinct()];
    }

    public string Name { get; }

    public IReadOnlyList<SyntaxTree> Trees { get; }

    /// <summary>Which file uses which type, of this assembly and of others.</summary>
    public IReadOnlyList<TypeUse> Uses { get; }

    /// <summary>The arrows between the folders of this assembly.</summary>
    public FolderGraph Folders =>
        new(Trees.Select(tree => FolderOf(FileOf(tree))).Distinct(), Uses.Where(use => use.Assembly == Name && use.TypeFolder is not null));

    /// <summary>What a project that refers to this one sees: it, and what it refers to among the projects here.</summary>
    public IEnumerable<MetadataReference> WithReferences =>
        [_compilation.ToMetadataReference(), .. _compilation.References.OfType<CompilationReference>()];

    /// <summary>Names that mean nothing here: where there are any, arrows may be missing.</summary>
    public IReadOnlyList<string> Unresolved => _unresolved;

    /// <summary>The types that are declared at the top of a file, with the file.</summary>
    public IEnumerable<(INamedTypeSymbol Type, string File)> Types =>
        Trees.SelectMany(tree =>
        {
            SemanticModel model = _compilation.GetSemanticModel(tree);
            return tree.GetRoot()
                .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
                .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
                .Select(node => ((INamedTypeSymbol)model.GetDeclaredSymbol(node)!, FileOf(tree)));
        });

    /// <summary>The file's path below the project, with forward slashes.</summary>
    public string FileOf(SyntaxTree tree) => Path.GetRelativePath(_folder, tree.FilePath).Replace('\\', '/');

    /// <summary>The folder of a file, "." for the project's own.</summary>
    public static string FolderOf(string file) => file.Contains('/', StringComparison.Ordinal) ? file[..file.LastIndexOf('/')] : ".";

    private IEnumerable<TypeUse> UsesOf(SyntaxTree tree)
    {
        SemanticModel model = _compilation.GetSemanticModel(tree);
        string file = FileOf(tree);
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes(node => node is not UsingDirectiveSyntax))
        {
            if (node is not (SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax))
            {
                continue;
            }

            SymbolInfo found = model.GetSymbolInfo(node);
            if (
                found is { Symbol: null, CandidateSymbols: [] }
                && node is SimpleNameSyntax { Identifier.Text: not ("nameof" or "notnull" or "unmanaged") } name
                && FolderOf(file) != MlNetFolder
            )
            {
                _unresolved.Add($"{Name}/{file}: {name.Identifier.Text}");
            }

            foreach (ISymbol symbol in found.Symbol is { } one ? [one] : found.CandidateSymbols)
            {
                if (TypeOf(symbol) is { } type)
                {
                    string? folder =
                        type.DeclaringSyntaxReferences is [{ SyntaxTree: { } declaring }, ..]
                        && declaring.FilePath.Length > 0
                        && type.ContainingAssembly.Name == Name
                            ? FolderOf(FileOf(declaring))
                            : null;
                    yield return new TypeUse(file, type.ContainingAssembly.Name, type.Name, folder);
                }
            }
        }
    }

    private static INamedTypeSymbol? TypeOf(ISymbol symbol)
    {
        INamedTypeSymbol? type = symbol switch
        {
            INamedTypeSymbol named => named,
            IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.ContainingType,
            _ => null,
        };
        while (type?.ContainingType is { } outer)
        {
            type = outer;
        }

        return type is { TypeKind: not TypeKind.Error, ContainingAssembly: not null } ? type : null;
    }
}
