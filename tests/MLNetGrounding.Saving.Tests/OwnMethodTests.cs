using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.Saving;

/// <summary>Pipelines with grounding methods that the library does not know.</summary>
[TestClass]
public sealed class OwnMethodTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void ARegisteredMethodIsSavedAndLoadedWithItsSettings()
    {
        GroundingMethods.Register<RegisteredMethod>("Tests.Registered");
        GroundingMethods.Register<RegisteredMethod>("Tests.Registered");
        using SavedModelFiles files = new();
        using Owned saved = Save(
            files,
            new RegisteredMethod
            {
                Name = "Mine",
                Layer = 2,
                Smoothing = new(),
            }
        );
        foreach (
            Func<ITransformer> load in new Func<ITransformer>[]
            {
                () => _ml.Model.LoadGrounding(files.Model, out _),
                () => _ml.Model.Load(files.Model, out _),
            }
        )
        {
            ITransformer loaded = load();
            using var owner = (IDisposable)loaded;
            float[][] maps = Maps(loaded);
            Assert.HasCount(2, maps);
            CollectionAssert.AreEqual(Maps(saved.Model)[0], maps[0]);
            CollectionAssert.AreEqual(Maps(saved.Model)[1], maps[1]);
        }
    }

    [TestMethod]
    public void AMethodWithoutANameIsNotSavedAndTheErrorSaysHow()
    {
        using SavedModelFiles files = new();
        NotSupportedException error = Assert.ThrowsExactly<NotSupportedException>(() => Save(files, new UnknownMethod { Name = "Mine" }));
        Assert.AreEqual(
            "MethodGrounder cannot be saved: saved models have no name for the method 'Mine'. Call GroundingMethods.Register<UnknownMethod>(\"Yours.UnknownMethod\") where the program starts, here and wherever the model is loaded.",
            error.Message
        );
        Assert.IsFalse(File.Exists(files.Model));
    }

    [TestMethod]
    public void AModelWithAMethodThatTheProgramDoesNotKnowIsRefusedInOneLine()
    {
        GroundingMethods.Register<RegisteredMethod>("Tests.Registered");
        using SavedModelFiles files = new();
        using Owned saved = Save(files, new RegisteredMethod { Name = "Mine" });
        string foreign = Changed(files, text => text.Replace("Tests.Registered", "Tests.Elsewhere", StringComparison.Ordinal));
        SavedModelException error = Assert.ThrowsExactly<SavedModelException>(() => _ml.Model.LoadGrounding(foreign, out _));
        StringAssert.Contains(error.Message, "kind 'Tests.Elsewhere', which this program does not know");
        StringAssert.Contains(error.Message, "GroundingMethods.Register");
        Assert.IsFalse(error.Message.Contains('\n', StringComparison.Ordinal));
    }

    [TestMethod]
    public void SettingsOfARegisteredMethodAreCheckedWhenItIsLoaded()
    {
        GroundingMethods.Register<RegisteredMethod>("Tests.Registered");
        using SavedModelFiles files = new();
        using Owned saved = Save(files, new RegisteredMethod { Name = "Mine", Layer = 2 });
        foreach (
            (string from, string to, string problem) in new[]
            {
                ("\"Layer\":2", "\"Layer\":-3", "Layer"),
                ("\"Layer\":2", "\"Storey\":2", "Storey"),
            }
        )
        {
            string changed = Changed(files, text => text.Replace(from, to, StringComparison.Ordinal));
            StringAssert.Contains(
                Assert.ThrowsExactly<SavedModelException>(() => _ml.Model.LoadGrounding(changed, out _)).Message,
                problem
            );
        }
    }

    [TestMethod]
    public void NamesAreUnique()
    {
        GroundingMethods.Register<RegisteredMethod>("Tests.Registered");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => GroundingMethods.Register<UnknownMethod>("Unknown")).Message,
            "no dot"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => GroundingMethods.Register<UnknownMethod>("Tests.Registered")).Message,
            "RegisteredMethod"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => GroundingMethods.Register<RegisteredMethod>("Tests.Other")).Message,
            "Tests.Registered"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => GroundingMethods.Register<MeanAttentionGrounding>("Tests.Mean")).Message,
            "MeanAttention"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => GroundingMethods.Register<GroundingMethod>("Tests.Any")).Message,
            "abstract"
        );
    }

    private Owned Save(SavedModelFiles files, GroundingMethod method)
    {
        AttentionExtractorOptions extractor = Checkpoints.Options(Checkpoints.Copy(files.InFolder("tiny-llava")));
        MethodGrounderOptions options = new()
        {
            ModelDirectory = extractor.ModelDirectory,
            Queries = extractor.Queries,
            Capture = extractor.Capture,
            Methods = [method],
        };
        IDataView paths = Paths();
        TransformerChain<MethodGrounderTransformer> model = _ml
            .Transforms.LoadGroundingImages()
            .Append(_ml.Transforms.GroundByMethods(options))
            .Fit(paths);
        try
        {
            _ml.Model.SaveGrounding(model, paths.Schema, files.Model);
            return new Owned(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The saved model with other settings of its method grounder.</summary>
    private static string Changed(SavedModelFiles files, Func<string, string> change)
    {
        Dictionary<string, byte[]> entries = ModelZip.Read(files.Model);
        string name = ModelZip.EntryOf(entries, "MethodGrounder");
        string text = ModelZip.TextOf(entries[name]);
        Assert.AreNotEqual(text, change(text));
        entries[name] = ModelZip.WithText(entries[name], change(text));
        string path = files.InFolder("changed.zip");
        ModelZip.Write(path, entries);
        return path;
    }

    private float[][] Maps(ITransformer model) => [.. model.Transform(Paths()).GetColumn<float[]>("GroundingMaps.Mine")];

    private IDataView Paths() =>
        _ml.Data.LoadFromEnumerable(
            new[]
            {
                new PathRow { ImagePath = Checkpoints.Image("img0") },
                new PathRow { ImagePath = Checkpoints.Image("img1") },
            }
        );

    private sealed record Owned(ITransformer Model) : IDisposable
    {
        public void Dispose() => (Model as IDisposable)?.Dispose();
    }

    private sealed record RegisteredMethod : GroundingMethod
    {
        public int Layer { get; init; }

        protected internal override void Validate()
        {
            base.Validate();
            ArgumentOutOfRangeException.ThrowIfNegative(Layer);
        }

        protected internal override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map) =>
            attention.Maps(role, query, this).Slice(Layer * attention.Heads * map.Length, map.Length).CopyTo(map);
    }

    private sealed record UnknownMethod : GroundingMethod
    {
        protected internal override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map) =>
            map.Fill(1);
    }

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }
}
