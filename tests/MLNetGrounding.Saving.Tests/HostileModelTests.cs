using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetGrounding.Models.Runtime;

namespace MLNetGrounding.Saving;

/// <summary>Saved models that are damaged, or made to do harm.</summary>
[TestClass]
public sealed class HostileModelTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly SavedModelFiles _files = new();

    public void Dispose() => _files.Dispose();

    [TestMethod]
    public void ATruncatedModelIsRefused()
    {
        SaveHeads();
        byte[] whole = File.ReadAllBytes(_files.Model);
        foreach (int length in new[] { 0, 1, 30, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(_files.Model, whole[..length]);
            Refused();
        }
    }

    [TestMethod]
    public void AFlippedByteIsRefusedOrHarmless()
    {
        IDataView expected = SaveHeads();
        float[][] maps = Vectors(expected);
        byte[] whole = File.ReadAllBytes(_files.Model);
        int refused = 0;
        for (int position = 0; position < whole.Length; position += 29)
        {
            byte[] flipped = [.. whole];
            flipped[position] ^= (byte)(1 << (position % 8));
            File.WriteAllBytes(_files.Model, flipped);
            try
            {
                ITransformer model = _ml.Model.LoadGrounding(_files.Model, out _);
                AssertSame(maps, Vectors(model.Transform(_ml.Data.LoadFromBinary(_files.Input))));
            }
            catch (SavedModelException)
            {
                refused++;
            }
        }

        Assert.IsGreaterThan(whole.Length / 29 / 2, refused);
    }

    [TestMethod]
    [DataRow("Transform_000", 256, DisplayName = "columns to copy")]
    [DataRow("Transform_001", 256, DisplayName = "columns to join")]
    [DataRow("Transform_001", 264, DisplayName = "sources of a column")]
    [DataRow("Transform_002", 256, DisplayName = "columns to normalize")]
    [DataRow("Transform_002", 270, DisplayName = "dimensions of a column")]
    [DataRow("Transform_002/Normalizer_000", 264, DisplayName = "slots with a scale")]
    [DataRow("Transform_002/Normalizer_000", 268, DisplayName = "scales")]
    [DataRow("Transform_003/Normalizer_000/BinNormalizer", 260, DisplayName = "slots with bins")]
    [DataRow("Transform_003/Normalizer_000/BinNormalizer", 264, DisplayName = "bins of a slot")]
    [DataRow("Transform_004/Normalizer_000", 261, DisplayName = "means")]
    public void ACountOfMLNetsThatDoesNotFitIsRefused(string step, int offset)
    {
        IDataView rows = AttentionRow.View(_ml, 2);
        TransformerChain<NormalizingTransformer> model = _ml
            .Transforms.CopyColumns("Copy", "Geometry")
            .Append(_ml.Transforms.Concatenate("Both", "Copy", "Geometry"))
            .Append(_ml.Transforms.NormalizeMinMax("Both"))
            .Append(_ml.Transforms.NormalizeBinning("Copy"))
            .Append(_ml.Transforms.NormalizeLogMeanVariance("Copy"))
            .Fit(rows);
        _files.Save(model, rows);
        _ml.Model.LoadGrounding(_files.Model, out _);
        Dictionary<string, byte[]> entries = ModelZip.Read(_files.Model);
        byte[] component = entries[$"TransformerChain/{step}/Model.key"];
        foreach (int count in (int[])[int.MaxValue, 1_000_000_000, 1_000, -2])
        {
            BinaryPrimitives.WriteInt32LittleEndian(component.AsSpan(offset), count);
            ModelZip.Write(_files.Model, entries);
            StringAssert.Contains(Refused().Message, "states lengths that do not fit");
        }
    }

    [TestMethod]
    public void AFlippedByteOfAComponentIsRefused()
    {
        SaveHeads();
        Dictionary<string, byte[]> entries = ModelZip.Read(_files.Model);
        string name = ModelZip.EntryOf(entries, "HeadSelector");
        byte[] whole = entries[name];
        int end = 256 + 36 + ModelZip.TextOf(whole).Length;
        for (int position = 256; position < end; position += 7)
        {
            entries[name] = [.. whole];
            entries[name][position] ^= (byte)(1 << (position % 8));
            ModelZip.Write(_files.Model, entries);
            StringAssert.Contains(Refused().Message, "damaged");
            StringAssert.Contains(
                Assert.Throws<Exception>(() => _ml.Model.Load(_files.Model, out _)).GetBaseException().Message,
                "damaged"
            );
        }
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(int.MaxValue)]
    [DataRow(70 << 20)]
    public void AHugeLengthIsRefused(int length)
    {
        SaveHeads();
        Dictionary<string, byte[]> entries = ModelZip.Read(_files.Model);
        BinaryPrimitives.WriteInt32LittleEndian(entries[ModelZip.EntryOf(entries, "HeadSelector")].AsSpan(256), length);
        ModelZip.Write(_files.Model, entries);
        StringAssert.Contains(Refused().Message, $"claims a text of {length}");

        // ML.NET's own chain believes how many steps it claims to have, so that it is looked at first.
        SaveHeads();
        entries = ModelZip.Read(_files.Model);
        BinaryPrimitives.WriteInt32LittleEndian(entries["TransformerChain/Model.key"].AsSpan(256), length);
        ModelZip.Write(_files.Model, entries);
        StringAssert.Contains(Refused().Message, "damaged");
    }

    [TestMethod]
    public void ALaterVersionSaysWhichVersionIsNeeded()
    {
        foreach (string change in new[] { "\"Version\":2|\"Version\":7", "\"Component\":\"HeadSelector\"|\"Component\":\"HeadDreamer\"" })
        {
            Rewrite(
                "HeadSelector",
                text => text.Replace("\"Writer\":\"0.1.0\"", "\"Writer\":\"3.4.5\"").Replace(change.Split('|')[0], change.Split('|')[1])
            );
            StringAssert.Contains(Refused().Message, "Load it with MLNetGrounding 3.4.5 or later.");
        }

        Rewrite("HeadSelector", text => text.Replace("\"Version\":2", "\"Version\":0"));
        StringAssert.Contains(Refused().Message, "versions begin with 1");
    }

    [TestMethod]
    [DataRow("\"TopHeads\":3", "\"TopHeads\":-3", "TopHeads")]
    [DataRow("\"TopHeads\":3", "\"TopHeads\":\"three\"", "HeadSelector of the saved model cannot be read")]
    [DataRow("\"TopHeads\":3", "\"TopHands\":3", "TopHands")]
    [DataRow("\"KeptArea\":\"WholeMap\"", "\"KeptArea\":0", "KeptArea")]
    [DataRow("\"KeptArea\":\"WholeMap\"", "\"KeptArea\":\"Everything\"", "KeptArea")]
    [DataRow("\"LayerMapsColumnName\":\"LayerMaps\"", "\"LayerMapsColumnName\":null", "LayerMapsColumnName")]
    [DataRow("\"EntropyThreshold\":0.8", "\"EntropyThreshold\":\"NaN\"", "EntropyThreshold")]
    [DataRow("{\"Component\"", "[{\"Component\"", "cannot be read")]
    public void SettingsOutOfTheirRangesAreRefused(string text, string otherwise, string expected)
    {
        Rewrite(
            "HeadSelector",
            saved =>
            {
                StringAssert.Contains(saved, text);
                return saved.Replace(text, otherwise);
            }
        );
        StringAssert.Contains(Refused().Message, expected);
    }

    [TestMethod]
    [DataRow("\"Kind\":\"Hierarchical\",", "", "")]
    [DataRow("\"Kind\":\"Hierarchical\"", "\"Kind\":\"Hieratic\"", "")]
    [DataRow("\"Smoothing\":null", "\"Smoothing\":{\"KernelSize\":500000001,\"Deviation\":1}", "KernelSize")]
    public void AMethodThatCannotBeIsRefused(string text, string otherwise, string expected)
    {
        string checkpoint = Checkpoints.Copy(_files.InFolder("elsewhere/tiny-llava"));
        AttentionExtractorOptions extractor = Checkpoints.Options(checkpoint);
        IDataView images = _ml.Data.LoadFromEnumerable([new PathRow { ImagePath = Checkpoints.Image("img0") }]);
        using (
            TransformerChain<MethodGrounderTransformer> model = _ml
                .Transforms.LoadGroundingImages()
                .Append(
                    _ml.Transforms.GroundByMethods(
                        new MethodGrounderOptions
                        {
                            ModelDirectory = checkpoint,
                            Queries = extractor.Queries,
                            Capture = extractor.Capture,
                            Methods = [GroundingMethods.Paper],
                        }
                    )
                )
                .Fit(images)
        )
        {
            _files.Save(model, images);
        }

        Change(
            "MethodGrounder",
            saved =>
            {
                StringAssert.Contains(saved, text);
                return saved.Replace(text, otherwise);
            }
        );
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        string message = Refused().Message;
        Assert.IsLessThan(64L << 20, GC.GetAllocatedBytesForCurrentThread() - allocated);
        StringAssert.Contains(message, "MethodGrounder of the saved model cannot be read");
        StringAssert.Contains(message, expected);
    }

    [TestMethod]
    [DataRow("\"Layers\":4", "\"Layers\":2147483647", "Layers")]
    [DataRow("\"VocabularySize\":", "\"VocabularySize\":-", "VocabularySize")]
    [DataRow("\"Name\":\"tiny-llava\"", "\"Name\":\"../tiny-llava\"", "'../tiny-llava'")]
    [DataRow("\"Name\":\"tiny-llava\"", "\"Name\":\"..\"", "'..'")]
    [DataRow("\"Name\":\"tiny-llava\"", "\"Name\":\"a\\\\b\"", "a\\b")]
    [DataRow("\"Name\":\"tiny-llava\"", "\"Name\":\"\"", "''")]
    [DataRow("\"RowSets\":[[", "\"RowSets\":[[-1,", "rows of query")]
    [DataRow("\"RowSets\":[[", "\"RowSets\":[[9999,", "rows of query")]
    [DataRow("\"TokenIds\":[", "\"TokenIds\":[123456789,", "token ids")]
    public void AnImpossibleCheckpointIsRefused(string text, string otherwise, string expected)
    {
        SaveExtractor();
        Change(
            "AttentionExtractor",
            saved =>
            {
                StringAssert.Contains(saved, text);
                return saved.Replace(text, otherwise);
            }
        );
        StringAssert.Contains(Refused().Message, expected);
    }

    [TestMethod]
    [DataRow("../../../../../etc")]
    [DataRow("/etc/../etc")]
    [DataRow("//server/share/tiny-llava")]
    [DataRow(@"\\server\share\tiny-llava")]
    [DataRow("etc")]
    [DataRow("/etc")]
    [DataRow("/dev/zero")]
    [DataRow("")]
    public void ALocationIsOnlyEverOpenedAsTheCheckpointThatWasSaved(string location)
    {
        string checkpoint = SaveExtractor();
        Change(
            "AttentionExtractor",
            saved => saved.Replace($"\"Location\":\"{checkpoint}\"", $"\"Location\":\"{location.Replace(@"\", @"\\")}\"")
        );
        Directory.Delete(checkpoint, recursive: true);
        ITransformer model = _ml.Model.LoadGrounding(_files.Model, out _);
        IDataView data = model.Transform(_ml.Data.LoadFromBinary(_files.Input));
        CheckpointException error = Assert.ThrowsExactly<CheckpointException>(() => Vectors(data, "FineAttention"));
        bool isLocal = location is "/etc" or "/dev/zero";
        Assert.AreEqual(
            !isLocal,
            error.Message.Contains($"'{location}', where it was saved, is no plain full path", StringComparison.Ordinal),
            error.Message
        );
        Assert.DoesNotContain("root:", error.Message);
    }

    [TestMethod]
    public void AnotherArchitectureThanTheCheckpointsIsRefusedAtFirstUse()
    {
        SaveExtractor();
        Change("AttentionExtractor", saved => saved.Replace("\"Layers\":4", "\"Layers\":5"));
        ITransformer model = _ml.Model.LoadGrounding(_files.Model, out _);
        IDataView data = model.Transform(_ml.Data.LoadFromBinary(_files.Input));
        Assert.ThrowsExactly<SavedModelException>(() => Vectors(data, "FineAttention"));
    }

    [TestMethod]
    public void OnlyOurAndMLNetsAssembliesAreLoaded()
    {
        SaveHeads();
        Dictionary<string, byte[]> entries = ModelZip.Read(_files.Model);
        string name = ModelZip.EntryOf(entries, "HeadSelector");
        byte[] assembly = Encoding.Unicode.GetBytes("MLNetGrounding");
        int place = entries[name].AsSpan().LastIndexOf(assembly);
        Encoding.Unicode.GetBytes("System.Process").CopyTo(entries[name].AsSpan(place));
        ModelZip.Write(_files.Model, entries);
        StringAssert.Contains(Refused().Message, "the assembly 'System.Process'");

        // Trusted, it is ML.NET that does not find it.
        var trusted = new SavedModelOptions { TrustedAssemblies = ["System.Process"] };
        string message = Assert.ThrowsExactly<SavedModelException>(() => _ml.Model.LoadGrounding(_files.Model, out _, trusted)).Message;
        Assert.DoesNotContain("are loaded here", message);
        StringAssert.Contains(message, "System.Process");
    }

    [TestMethod]
    public void AComponentThatIsNotKnownIsLoadedWhereItIsTrusted()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Number { Value = 2 }]);
        ITransformer model = _ml
            .Transforms.Expression("Doubled", "(x) => 2 * x", "Value")
            .Append(_ml.Transforms.CopyColumns("Copy", "Doubled"))
            .Fit(data);
        _ml.Model.SaveGrounding(model, data.Schema, _files.Model);
        string message = Refused().Message;
        string name = System.Text.RegularExpressions.Regex.Match(message, "holds a component '([^']+)'").Groups[1].Value;
        StringAssert.Contains(message, "SavedModelOptions.TrustedComponents");
        ITransformer loaded = _ml.Model.LoadGrounding(_files.Model, out _, new SavedModelOptions { TrustedComponents = [name] });
        Assert.AreEqual(4f, loaded.Transform(data).GetColumn<float>("Copy").Single());
        Assert.ThrowsExactly<SavedModelException>(() =>
            _ml.Model.LoadGrounding(_files.Model, out _, new SavedModelOptions { TrustedComponents = [name.ToUpperInvariant()] })
        );
    }

    private sealed class Number
    {
        public float Value { get; set; }
    }

    [TestMethod]
    [DataRow("../outside/Model.key")]
    [DataRow("/outside/Model.key")]
    [DataRow(@"..\outside")]
    [DataRow("c:/outside")]
    public void AnEntryOutsideIsRefused(string entry)
    {
        SaveHeads();
        Dictionary<string, byte[]> entries = ModelZip.Read(_files.Model);
        entries[entry] = [1, 2, 3];
        ModelZip.Write(_files.Model, entries);
        StringAssert.Contains(Refused().Message, "outside of itself");
    }

    [TestMethod]
    public void WhatIsNoModelIsRefused()
    {
        File.WriteAllText(_files.Model, "no zip");
        Refused();
        ModelZip.Write(_files.Model, new Dictionary<string, byte[]> { ["TransformerChain/Model.key"] = new byte[100] });
        Refused();
        ModelZip.Write(_files.Model, new Dictionary<string, byte[]> { ["readme.txt"] = new byte[100] });
        Refused();
        Assert.ThrowsExactly<FileNotFoundException>(() => _ml.Model.LoadGrounding(_files.InFolder("nowhere.zip"), out _));
    }

    [TestMethod]
    public void AModelThatUnpacksToTooMuchIsRefused()
    {
        using (ZipArchive archive = ZipFile.Open(_files.Model, ZipArchiveMode.Create))
        {
            byte[] zeros = new byte[1 << 20];
            using Stream stream = archive.CreateEntry("TransformerChain/Model.key", CompressionLevel.Fastest).Open();
            for (int megabyte = 0; megabyte <= 1024; megabyte++)
            {
                stream.Write(zeros);
            }
        }

        StringAssert.Contains(Refused().Message, "1024 MiB");
    }

    private SavedModelException Refused() => Assert.ThrowsExactly<SavedModelException>(() => _ml.Model.LoadGrounding(_files.Model, out _));

    private void Rewrite(string component, Func<string, string> change)
    {
        SaveHeads();
        Change(component, change);
    }

    private void Change(string component, Func<string, string> change)
    {
        Dictionary<string, byte[]> entries = ModelZip.Read(_files.Model);
        string name = ModelZip.EntryOf(entries, component);
        entries[name] = ModelZip.WithText(entries[name], change(ModelZip.TextOf(entries[name])));
        ModelZip.Write(_files.Model, entries);
    }

    /// <summary>Saves a chain of head selection, and returns what it makes of some rows.</summary>
    private IDataView SaveHeads()
    {
        IDataView rows = AttentionRow.View(_ml, 2);
        TransformerChain<ColumnCopyingTransformer> model = _ml
            .Transforms.SelectHeads(new HeadSelectorOptions { QueryNames = AttentionRow.QueryNames, HeadSelection = new() })
            .Append(_ml.Transforms.CopyColumns("Copy", "KeptHeads"))
            .Fit(rows);
        _files.Save(model, rows);
        return model.Transform(rows);
    }

    private string SaveExtractor()
    {
        string checkpoint = Checkpoints.Copy(_files.InFolder("elsewhere/tiny-llava"));
        IDataView images = _ml.Data.LoadFromEnumerable([new PathRow { ImagePath = Checkpoints.Image("img0") }]);
        using TransformerChain<AttentionExtractorTransformer> model = _ml
            .Transforms.LoadGroundingImages()
            .Append(_ml.Transforms.ExtractAttention(Checkpoints.Options(checkpoint)))
            .Fit(images);
        _files.Save(model, images);
        return checkpoint;
    }

    private static float[][] Vectors(IDataView data, string column = "LayerMaps") =>
        [.. data.GetColumn<VBuffer<float>>(column).Select(buffer => buffer.DenseValues().ToArray())];

    private static void AssertSame(float[][] expected, float[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int row = 0; row < expected.Length; row++)
        {
            CollectionAssert.AreEqual(expected[row], actual[row]);
        }
    }

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }
}
