using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Saving;

/// <summary>
/// The models in tests/Fixtures/saved-models: the present one loads for ever, and gives what the first one gave. Its README tells how it
/// was made.
/// </summary>
[TestClass]
public sealed class CommittedModelTests : IDisposable
{
    /// <summary>Names a folder to write the model and its outputs to, instead of one that is deleted.</summary>
    private const string MakeVariable = "GROUNDING_MAKE_SAVED_MODEL";

    private const string CheckpointName = "tiny-a";

    // Not the geometry, which has more numbers now; the scores are computed from it.
    private static readonly string[] Outputs =
    [
        "KeptHeads",
        "LayerMaps",
        "CoarseMask",
        "GroundingMaps",
        "GroundingFeatures",
        "Hit",
        "Area",
        "Mpir",
        "LearntHeads",
        "LearntMaps",
        "GroundingMaps.Paper",
        "GroundingMaps.VlSam",
        "GroundingMaps.DecAf",
    ];

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    private static string Committed(string file) => TestData.Fixture($"saved-models/version-2/{file}");

    public void Dispose()
    {
        CheckpointLocator.Resolver = null;
        _folder.Dispose();
    }

    [TestMethod]
    public void TheCommittedModelLoadsAndGivesTheCommittedOutputs()
    {
        CheckpointLocator.Resolver = reference => reference.Name == CheckpointName ? GoldenData.TinyA.Checkpoint : null;
        using var model = (TransformerChain<ITransformer>)_ml.Model.Load(Committed("model.zip"), out DataViewSchema schema);
        CollectionAssert.AreEqual(new[] { "ImagePath", "KeyPoints", "KeyPointVisible" }, schema.Select(column => column.Name).ToArray());
        AssertCommitted(model.Transform(Rows()));
    }

    [TestMethod]
    public void AModelOfEarlierSettingsIsRefusedInOneLine()
    {
        SavedModelException exception = Assert.ThrowsExactly<SavedModelException>(() =>
            _ml.Model.LoadGrounding(TestData.Fixture("saved-models/version-1/model.zip"), out _, _ => GoldenData.TinyA.Checkpoint)
        );
        StringAssert.Contains(exception.Message, "Build the pipeline anew and save it again.", StringComparison.Ordinal);
        Assert.IsFalse(exception.Message.Contains('\n', StringComparison.Ordinal));
    }

    [TestMethod]
    public void TheCommittedModelIsSoundAndSaysNothingAboutTheMachineItWasMadeOn()
    {
        CheckpointReference? asked = null;
        using var model =
            (TransformerChain<ITransformer>)
                _ml.Model.LoadGrounding(
                    Committed("model.zip"),
                    out _,
                    reference =>
                    {
                        asked = reference;
                        return GoldenData.TinyA.Checkpoint;
                    }
                );
        AssertCommitted(model.Transform(Rows()));
        Assert.IsNull(asked!.Location);
    }

    [TestMethod]
    public void AModelSavedNowGivesTheCommittedOutputs()
    {
        string? made = Environment.GetEnvironmentVariable(MakeVariable);
        string folder = made ?? _folder.Path;

        // Beside the application, a checkpoint is saved by its name alone.
        string checkpoint = Path.Combine(AppContext.BaseDirectory, CheckpointName);
        if (Directory.Exists(checkpoint))
        {
            Directory.Delete(checkpoint, recursive: true);
        }

        Checkpoints.Copy(checkpoint);
        try
        {
            string path = Path.Combine(folder, "model.zip");
            IDataView rows = Rows();
            AttentionExtractorOptions options = Checkpoints.Options(checkpoint);
            using (
                TransformerChain<MethodGrounderTransformer> model = _ml
                    .Transforms.LoadGroundingImages()
                    .Append(_ml.Transforms.ExtractAttention(options))
                    .Append(_ml.Transforms.SelectHeads())
                    .Append(_ml.Transforms.MaskByRollout())
                    .Append(_ml.Transforms.FeaturizeGrounding())
                    .Append(_ml.Transforms.EvaluateMpir(new MpirEvaluatorOptions { RegionThreshold = 0.3, KeyPointTable = KeyPoints() }))
                    .Append(
                        _ml.Transforms.SelectHeads(
                            new HeadSelectorOptions
                            {
                                Fitting = new HeadFittingOptions { Heads = 2 },
                                KeptHeadsColumnName = "LearntHeads",
                                LayerMapsColumnName = "LearntMaps",
                            }
                        )
                    )
                    .Append(_ml.Transforms.GroundByMethods(Methods(options)))
                    .Fit(rows)
            )
            {
                _ml.Model.Save(model, rows.Schema, path);
            }

            using var loaded = (TransformerChain<ITransformer>)_ml.Model.Load(path, out _);
            IDataView data = loaded.Transform(Rows());
            AssertCommitted(data);
        }
        finally
        {
            Directory.Delete(checkpoint, recursive: true);
        }
    }

    private static MethodGrounderOptions Methods(AttentionExtractorOptions extractor)
    {
        AttentionQuery[] queries = [.. extractor.Queries!];
        queries[3] = queries[3] with { Role = QueryRole.Neutral };
        queries[4] = queries[4] with { Role = QueryRole.Background };
        return new MethodGrounderOptions
        {
            ModelDirectory = extractor.ModelDirectory,
            Queries = queries,
            Capture = extractor.Capture,
            Methods = [GroundingMethods.ByName("Paper"), GroundingMethods.ByName("VlSam"), GroundingMethods.ByName("DecAf")],
            GeometryColumnName = "GeometryOfMethods",
        };
    }

    private IDataView Rows() =>
        _ml.Data.LoadFromEnumerable(
            new[] { "img0", "img1" }.Select(
                (image, index) =>
                    new Row
                    {
                        ImagePath = Checkpoints.Image(image),
                        KeyPoints = [.. Enumerable.Range(0, 30).Select(number => 40f + (11 * number) + index)],
                        KeyPointVisible = [.. Enumerable.Range(0, 15).Select(number => number % 4 == 0 ? 0f : 1f)],
                    }
            )
        );

    private static Dictionary<string, IReadOnlyList<int>> KeyPoints() =>
        new()
        {
            ["q1"] = [1],
            ["q2"] = [2, 3],
            ["q3"] = [4],
            ["q4"] = [5, 6, 7],
        };

    private void AssertCommitted(IDataView data)
    {
        IDataView expected = _ml.Data.LoadFromBinary(TestData.Fixture("saved-models/version-1/expected.idv"));
        foreach (string column in Outputs)
        {
            Assert.AreEqual(expected.Schema[column].Type, data.Schema[column].Type, column);
            float[][] expectedRows = Vectors(expected, column);
            float[][] actualRows = Vectors(data, column);
            Assert.HasCount(2, expectedRows, column);
            Assert.HasCount(2, actualRows, column);
            for (int row = 0; row < expectedRows.Length; row++)
            {
                (float[] expectedRow, float[] actualRow) = (expectedRows[row], actualRows[row]);
                Assert.HasCount(expectedRow.Length, actualRow, column);

                // Other processors sum up in another order.
                float tolerance = 1e-4f * Math.Max(1e-3f, expectedRow.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
                for (int index = 0; index < expectedRow.Length; index++)
                {
                    Assert.AreEqual(expectedRow[index], actualRow[index], tolerance, $"{column} {index}");
                }
            }
        }
    }

    private static float[][] Vectors(IDataView data, string column) =>
        [.. data.GetColumn<VBuffer<float>>(column).Select(buffer => buffer.DenseValues().ToArray())];

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";

        [VectorType(15, 2)]
        public float[] KeyPoints { get; set; } = [];

        [VectorType(15)]
        public float[] KeyPointVisible { get; set; } = [];
    }
}
