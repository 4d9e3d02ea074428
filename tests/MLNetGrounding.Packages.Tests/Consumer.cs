using MLNetGrounding.Testing;

namespace MLNetGrounding.Packages;

/// <summary>A project outside the repository that knows the libraries as packages in a local folder.</summary>
internal sealed class Consumer
{
    private readonly string _folder;

    /// <param name="folder">An empty folder outside the repository.</param>
    /// <param name="feed">The folder with the packages.</param>
    /// <param name="packages">The packages it adds, as <c>Name@Version</c>.</param>
    public Consumer(TemporaryFolder folder, string feed, params string[] packages)
        : this(folder, feed, "latest", packages) { }

    /// <param name="folder">An empty folder outside the repository.</param>
    /// <param name="feed">The folder with the packages.</param>
    /// <param name="language">The version of C#.</param>
    /// <param name="packages">The packages it adds, as <c>Name@Version</c>.</param>
    public Consumer(TemporaryFolder folder, string feed, string language, IReadOnlyList<string> packages)
    {
        _folder = folder.Path;

        // Packages are unpacked into the project's own folder, never the user's. Other packages that the repository restored serve here
        // too.
        string restored =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        folder.Write(
            "NuGet.config",
            $"""
            <configuration>
              <packageSources><add key="feed" value="{feed}" /></packageSources>
              <fallbackPackageFolders><add key="restored" value="{restored}" /></fallbackPackageFolders>
            </configuration>
            """
        );
        folder.Write("Directory.Build.props", "<Project />");
        folder.Write("Directory.Packages.props", "<Project />");
        string references = string.Concat(
            packages
                .Select(package => package.Split('@'))
                .Select(package => $"""<PackageReference Include="{package[0]}" Version="{package[1]}" />""")
        );
        folder.Write(
            "Consumer.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <LangVersion>{language}</LangVersion>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <ImplicitUsings>enable</ImplicitUsings>
                <RuntimeIdentifier>$(NETCoreSdkRuntimeIdentifier)</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>{references}</ItemGroup>
            </Project>
            """
        );
    }

    private KeyValuePair<string, string>[] Settings => [new("NUGET_PACKAGES", Path.Combine(_folder, "packages"))];

    /// <summary>Takes a single-file example as the program, without the directives that name projects of the repository.</summary>
    public void TakeExample(string path) =>
        File.WriteAllLines(
            Path.Combine(_folder, "Program.cs"),
            File.ReadLines(path).Where(line => !line.StartsWith("#:", StringComparison.Ordinal))
        );

    /// <summary>Takes all sources of a folder as they are.</summary>
    public void TakeFolder(string path)
    {
        foreach (string file in Directory.EnumerateFiles(path, "*.cs"))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }
    }

    public void Build() => CommandLine.MustRun(_folder, Settings, "build", "-c", "Release", "-nologo");

    /// <summary>Compiles all its sources as a library for both frameworks.</summary>
    public void BuildLibrary()
    {
        string project = Path.Combine(_folder, "Consumer.csproj");
        File.WriteAllText(
            project,
            File.ReadAllText(project)
                .Replace("<OutputType>Exe</OutputType>", "<OutputType>Library</OutputType>", StringComparison.Ordinal)
                .Replace(
                    "<TargetFramework>net10.0</TargetFramework>",
                    "<TargetFrameworks>net8.0;net10.0</TargetFrameworks><LangVersion>latest</LangVersion>",
                    StringComparison.Ordinal
                )
                .Replace("<RuntimeIdentifier>$(NETCoreSdkRuntimeIdentifier)</RuntimeIdentifier>", "", StringComparison.Ordinal)
        );
        Build();
    }

    /// <summary>Adds a framework besides .NET's own.</summary>
    public void AddFramework(string name)
    {
        string project = Path.Combine(_folder, "Consumer.csproj");
        File.WriteAllText(
            project,
            File.ReadAllText(project)
                .Replace(
                    "</Project>",
                    $"""<ItemGroup><FrameworkReference Include="{name}" /></ItemGroup></Project>""",
                    StringComparison.Ordinal
                )
        );
    }

    public (int ExitCode, string Output) Run(params string[] arguments) =>
        CommandLine.Dotnet(_folder, Settings, ["run", "-c", "Release", "--no-build", "--", .. arguments]);
}
