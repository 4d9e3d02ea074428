using System.Text.Json;
using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families;
using MLNetGrounding.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Golden.Models;

/// <summary>The names and shapes of all tensors of real files, asked for by our own loader on the meta device.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class RealShapeTests
{
    public static IEnumerable<object[]> Files => GoldenFolders.Files("real", "*.json").Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void EveryTensorIsFoundAndNoneIsLeftOver(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenFolders.Require("real", $"{name}.json")));
        JsonElement config = document.RootElement.GetProperty("config");
        if (!config.TryGetProperty("model_type", out JsonElement type) || !FamilyRegistry.ModelTypes.Contains(type.GetString()))
        {
            Assert.Inconclusive($"The family of {name} is not built.");
        }

        GoldenCase result = new($"real/{name}", "meta");
        using TemporaryFolder folder = new();
        IModelArchitecture architecture = result.Load(() => Open(document.RootElement, folder.Path));
        var stored = document
            .RootElement.GetProperty("tensors")
            .EnumerateObject()
            .ToDictionary(
                tensor => architecture.CanonicalName(tensor.Name),
                tensor => tensor.Value.EnumerateArray().Select(size => size.GetInt64()).ToArray()
            );
        MetaTensorSource source = new(ScalarType.BFloat16, stored.Keys.Contains);
        using DisposeScope scope = NewDisposeScope();
        architecture.Build(source);
        var asked = source.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
        string[] missing =
        [
            .. asked
                .Where(tensor => !stored.TryGetValue(tensor.Key, out long[]? shape) || !shape.SequenceEqual(tensor.Value))
                .Select(tensor => $"{tensor.Key} [{string.Join(", ", tensor.Value)}]"),
        ];
        string[] extra = [.. stored.Keys.Where(tensor => !asked.ContainsKey(tensor) && !architecture.IsUnused(tensor))];
        result.Count("missing", missing.Length, string.Join("; ", missing.Take(3)));
        result.Count("extra", extra.Length, string.Join("; ", extra.Take(3)));
        result.Complete();
    }

    /// <summary>
    /// The architecture of a configuration, with the image processor that is stated beside it, else one that says nothing but sizes.
    /// </summary>
    private static IModelArchitecture Open(JsonElement file, string folder)
    {
        File.WriteAllText(Path.Combine(folder, CheckpointSettings.ConfigurationFileName), file.GetProperty("config").GetRawText());
        File.WriteAllText(Path.Combine(folder, CheckpointSettings.ImageProcessorFileName), ProcessorSettings.For(file));
        return FamilyRegistry.Read(folder);
    }
}
