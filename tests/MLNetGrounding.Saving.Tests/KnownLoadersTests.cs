using System.Buffers.Binary;
using System.Reflection;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Text;

namespace MLNetGrounding.Saving;

/// <summary>Which components a saved model may name.</summary>
[TestClass]
public sealed class KnownLoadersTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly SavedModelFiles _files = new();

    public void Dispose() => _files.Dispose();

    [TestMethod]
    public void EveryKnownNameIsOneOfMLNets()
    {
        string[] assemblies = [.. Directory.GetFiles(AppContext.BaseDirectory, "Microsoft.ML.*.dll")];
        HashSet<string> registered = [.. assemblies.SelectMany(LoaderNames)];
        Assert.IsGreaterThan(100, registered.Count);

        // Of packages that are not deployed here, and names that stand in files and make nothing.
        string[] elsewhere = ["FastTree", "FastForest", "LightGBM", "Tree", "Gam", "OlsLinear", "Whitening", "Ensem"];
        string[] unregistered = ["NormalizeFunction", "BinNormExec", "TermManager", "TextSpanBuffer", "CustomStopWordsManager"];
        string[] unknown =
        [
            .. KnownLoaders
                .OfMLNet.Except(unregistered)
                .Where(name => !registered.Contains(name) && !elsewhere.Any(part => name.Contains(part, StringComparison.Ordinal))),
        ];
        Assert.IsEmpty(unknown, string.Join(", ", unknown));
    }

    [TestMethod]
    public void ACustomMappingIsRefusedBeforeItsCodeRuns()
    {
        IDataView rows = AttentionRow.View(_ml, 2);
        _files.Save(_ml.Transforms.CustomMapping(new Payload().GetMapping(), Payload.Contract).Fit(rows), rows);
        Payload.Made = 0;

        SavedModelException error = Assert.ThrowsExactly<SavedModelException>(() => _ml.Model.LoadGrounding(_files.Model, out _));

        StringAssert.Contains(error.Message, "'CustomTransformer'");
        Assert.AreEqual(0, Payload.Made);
        _ml.ComponentCatalog.RegisterAssembly(typeof(Payload).Assembly);
        _ml.Model.Load(_files.Model, out _);
        Assert.AreEqual(1, Payload.Made, "the file is one that ML.NET runs");
    }

    [TestMethod]
    [DataRow(80)]
    [DataRow(104)]
    public void BothNamesOfALoaderAreChecked(int offset)
    {
        SaveCopy();
        Dictionary<string, byte[]> entries = ModelZip.Read(_files.Model);
        Span<byte> field = entries["TransformerChain/Transform_000/Model.key"].AsSpan(offset, 24);
        field.Clear();
        Encoding.Latin1.GetBytes("TensorFlowTransform", field);
        ModelZip.Write(_files.Model, entries);

        StringAssert.Contains(
            Assert.ThrowsExactly<SavedModelException>(() => _ml.Model.LoadGrounding(_files.Model, out _)).Message,
            "'TensorFlowTransform'"
        );
    }

    [TestMethod]
    [DataRow("Model.key")]
    [DataRow("Loader/Model.key")]
    [DataRow("transformerchain/Transform_000/Model.key")]
    public void WhatIsNoPartOfAChainIsRefused(string entry)
    {
        SaveCopy();
        Dictionary<string, byte[]> entries = ModelZip.Read(_files.Model);
        entries[entry] = entries["TransformerChain/Transform_000/Model.key"];
        ModelZip.Write(_files.Model, entries);

        StringAssert.Contains(
            Assert.ThrowsExactly<SavedModelException>(() => _ml.Model.LoadGrounding(_files.Model, out _)).Message,
            $"'{entry}'"
        );
    }

    [TestMethod]
    public void AChainWithATrainerIsLoaded()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 40)
                .Select(row => new Labeled
                {
                    Label = row % 2 == 0 ? "wren" : "jay",
                    Features = [row % 2, row, 1],
                    Text = row % 3 == 0 ? "a beak" : "an eye",
                })
                .ToArray()
        );
        TransformerChain<ColumnSelectingTransformer> model = _ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Text.FeaturizeText("TextFeatures", "Text"))
            .Append(_ml.Transforms.Concatenate("Features", "Features", "TextFeatures"))
            .Append(_ml.Transforms.NormalizeMinMax("Features"))
            .Append(_ml.Transforms.NormalizeLpNorm("Features"))
            .Append(_ml.Transforms.ReplaceMissingValues("Features"))
            .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 5))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Append(_ml.Transforms.SelectColumns("PredictedLabel", "Score"))
            .Fit(rows);
        _files.Save(model, rows);

        ITransformer loaded = _ml.Model.LoadGrounding(_files.Model, out _);

        CollectionAssert.AreEqual(
            model.Transform(rows).GetColumn<string>("PredictedLabel").ToArray(),
            loaded.Transform(rows).GetColumn<string>("PredictedLabel").ToArray()
        );
    }

    /// <summary>ML.NET makes room for as many columns as a component claims to have before it looks for the first.</summary>
    [TestMethod]
    public void AComponentOfMoreColumnsThanItHasBytesForIsRefused()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable([
            new Labeled
            {
                Label = "wren",
                Text = "a beak",
                Features = [1, 2, 3],
            },
        ]);
        TransformerChain<NgramExtractingTransformer> model = _ml
            .Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Value", "Key"))
            .Append(_ml.Transforms.Conversion.MapKeyToVector("Vector", "Key"))
            .Append(_ml.Transforms.Conversion.Hash("Hash", "Label"))
            .Append(_ml.Transforms.Conversion.ConvertType("Doubles", "Features", DataKind.Double))
            .Append(_ml.Transforms.CopyColumns("Copy", "Features"))
            .Append(_ml.Transforms.Concatenate("Both", "Copy", "Features"))
            .Append(_ml.Transforms.NormalizeMinMax("Scaled", "Features"))
            .Append(_ml.Transforms.NormalizeLpNorm("Unit", "Features"))
            .Append(_ml.Transforms.ReplaceMissingValues("Filled", "Features"))
            .Append(_ml.Transforms.IndicateMissingValues("Missing", "Features"))
            .Append(_ml.Transforms.Text.NormalizeText("Lower", "Text"))
            .Append(_ml.Transforms.Text.TokenizeIntoWords("Words", "Lower"))
            .Append(_ml.Transforms.Text.RemoveDefaultStopWords("Kept", "Words"))
            .Append(_ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Characters", "Lower"))
            .Append(_ml.Transforms.Text.ProduceNgrams("Ngrams", "Characters"))
            .Fit(rows);
        _files.Save(model, rows);
        _ml.Model.LoadGrounding(_files.Model, out _);

        Dictionary<string, byte[]> entries = ModelZip.Read(_files.Model);
        HashSet<string> refused = [];
        foreach ((string name, byte[] component) in entries.Where(entry => entry.Key.EndsWith("Model.key", StringComparison.Ordinal)))
        {
            string loader = Encoding.Latin1.GetString(component, 80, 24).TrimEnd('\0');
            if (!KnownLoaders.WithColumns.Contains(loader))
            {
                continue;
            }

            Dictionary<string, byte[]> changed = new(entries) { [name] = [.. component] };
            BinaryPrimitives.WriteInt32LittleEndian(changed[name].AsSpan(256), 0x0d0d0d01);
            ModelZip.Write(_files.Model, changed);
            long before = GC.GetAllocatedBytesForCurrentThread();
            StringAssert.Contains(
                Assert.ThrowsExactly<SavedModelException>(() => _ml.Model.LoadGrounding(_files.Model, out _)).Message,
                "damaged",
                loader
            );
            Assert.IsLessThan(16L << 20, GC.GetAllocatedBytesForCurrentThread() - before, loader);
            refused.Add(loader);
        }

        CollectionAssert.AreEquivalent(KnownLoaders.WithColumns.ToArray(), refused.ToArray());
    }

    private void SaveCopy()
    {
        IDataView rows = AttentionRow.View(_ml, 2);
        _files.Save(_ml.Transforms.CopyColumns("Copy", "Geometry").Append(_ml.Transforms.CopyColumns("Again", "Copy")).Fit(rows), rows);
    }

    /// <summary>The names in the registrations of an assembly, without loading what they stand for.</summary>
    private static IEnumerable<string> LoaderNames(string path) =>
        Assembly
            .LoadFrom(path)
            .CustomAttributes.Where(attribute => attribute.AttributeType.Name == "LoadableClassAttribute")
            .SelectMany(attribute => attribute.ConstructorArguments)
            .SelectMany(argument =>
                argument.Value switch
                {
                    string name => [name],
                    IEnumerable<CustomAttributeTypedArgument> names => names.Select(name => name.Value).OfType<string>(),
                    _ => (IEnumerable<string>)[],
                }
            );

    private sealed class Labeled
    {
        public string Label { get; set; } = "";

        public string Text { get; set; } = "";

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}

/// <summary>Code of a deployed assembly that a saved model names.</summary>
[CustomMappingFactoryAttribute(Contract)]
public sealed class Payload : CustomMappingFactory<Payload.Row, Payload.Row>
{
    public const string Contract = "payload";

    public Payload() => Made++;

    public static int Made { get; set; }

    public override Action<Row, Row> GetMapping() => (_, _) => { };

    public sealed class Row
    {
        public string Species { get; set; } = "";
    }
}
