using Microsoft.ML;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;
using static MLNetGrounding.Methods.GoldenMethods;

namespace MLNetGrounding.Methods;

/// <summary>What a method that is written outside of the library is given, and what becomes of what it does.</summary>
[TestClass]
public sealed class OwnMethodTests
{
    private static readonly CoarseFlowOptions Flow = new();

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    private static int Cells => Golden.Prompt.ImageTokens;

    [TestMethod]
    public void AMapIsEmptyBeforeItIsFilled()
    {
        var method = new StrongestHeadGrounding { Name = "Mine" };
        float[][] together = Ground(ML, Options(ImageFit.Pad, method), "img0", "img1", "img0").Vectors("GroundingMaps.Mine");
        float[] alone = Ground(ML, Options(ImageFit.Pad, method), "img1").Vectors("GroundingMaps.Mine")[0];
        CollectionAssert.AreEqual(together[0], together[2]);
        CollectionAssert.AreEqual(alone, together[1]);
        Difference.IsMoreThanRounding(together[0], together[1]);
    }

    [TestMethod]
    public void EverythingThatIsAskedForIsAsAPlainCaptureHasIt()
    {
        bool read = false;
        using var model = VisionLanguageModel.Load(Golden.Checkpoint, Options(ImageFit.Crop).ModelOptions!);
        MethodGrounderOptions options = Options(
            ImageFit.Crop,
            new AskingMethod
            {
                Name = "Asks",
                Needs = plan =>
                {
                    plan.NeedRole(QueryRole.Neutral);
                    plan.NeedMask(Flow, new RolloutOptions());
                    plan.NeedCoarseFlow(Flow);
                    plan.NeedPatchFeatures();
                },
                Looks = attention =>
                {
                    read = true;
                    CaptureOptions capture = Options(ImageFit.Crop).Capture with
                    {
                        Flow = Flow,
                        PatchFeatures = true,
                        Row = QueryRow.WordMean,
                    };
                    PreparedPrompt prompt = model.Prepare(
                        [.. Options(ImageFit.Crop).Queries!.Where(query => query.Role != QueryRole.Background)],
                        capture
                    );
                    using var image = Microsoft.ML.Data.MLImage.CreateFromFile(ImagePath("img0"));
                    AttentionCapture plain = model.Capture(ImageFile.ToRgb(image), prompt);
                    int rows = attention.Layers * attention.Heads * attention.Cells;
                    AssertSame(plain.FineAttention.AsSpan(0, rows), attention.MapsAt(QueryRole.Fine, 0, QueryRow.WordMean), "fine");
                    AssertSame(plain.CoarseAttention, attention.MapsAt(QueryRole.Coarse, 0, QueryRow.WordMean), "coarse");
                    AssertSame(
                        plain.NeutralAttention.AsSpan(0, rows),
                        attention.MapsAt(QueryRole.Neutral, 0, QueryRow.WordMean),
                        "neutral"
                    );
                    AssertSame(plain.CoarseFlow, attention.CoarseFlow(Flow), "flow");
                    AssertSame(plain.FlowRowSums, attention.FlowRowSums(Flow), "row sums");
                    AssertSame(plain.PatchFeatures, attention.PatchFeatures, "patch features");
                    CollectionAssert.AreEqual(prompt.CoarsePositions.ToArray(), attention.CoarsePositions.ToArray());
                    Assert.AreEqual(plain.Geometry, attention.Geometry);
                    Assert.AreEqual(model.Info, attention.Model);
                    Assert.AreEqual(prompt.FineNames[1], attention.Query(QueryRole.Fine, 1).Name);
                    Assert.AreEqual(attention.Grid, attention.Layout.Grid);
                    Assert.AreEqual(attention.Cells, attention.Mask(Flow, new RolloutOptions()).Length);
                },
            }
        );
        Assert.HasCount(2 * Cells, Ground(ML, options, "img0").Vectors("GroundingMaps.Asks")[0]);
        Assert.IsTrue(read);
    }

    [TestMethod]
    public void WhatWasNotAskedForIsAnErrorThatNamesTheMember()
    {
        (string Member, Action<CapturedAttention> Look)[] looks =
        [
            ("NeedRole", attention => attention.MapsAt(QueryRole.Coarse, 0, null)),
            ("NeedRow", attention => attention.MapsAt(QueryRole.Fine, 0, QueryRow.WordFirst)),
            ("NeedMask", attention => attention.Mask(Flow, new RolloutOptions())),
            ("NeedObserver", attention => attention.Flow(new TokenFlowOptions(), null, null, QueryRole.Fine, 0)),
            ("NeedObserver", attention => attention.CoarseFlow(Flow)),
            ("NeedPatchFeatures", attention => _ = attention.PatchFeatures),
        ];
        foreach ((string member, Action<CapturedAttention> look) in looks)
        {
            int failed = 0;
            AskingMethod method = new()
            {
                Name = "Asks",
                Needs = _ => { },
                Looks = attention =>
                {
                    failed++;
                    Assert.Contains(
                        $"CapturePlan.{member}",
                        Assert.ThrowsExactly<InvalidOperationException>(() => look(attention)).Message
                    );
                },
            };
            Ground(ML, Options(ImageFit.Pad, method), "img0").Vectors("GroundingMaps.Asks");
            Assert.AreEqual(1, failed, member);
        }
    }

    [TestMethod]
    public void AMapThatIsNotFiniteCostsNoOtherQueryAndIsSaid()
    {
        var method = new AskingMethod
        {
            Name = "Breaks",
            Needs = _ => { },
            Breaks = 1,
            Sharpening = new(),
        };
        float[] maps = Ground(ML, Options(ImageFit.Pad, method, GroundingMethods.Paper), "img0").Vectors("GroundingMaps.Breaks")[0];
        Assert.IsTrue(RowValues.AreFinite(maps.AsSpan(0, Cells)));
        Assert.IsTrue(maps.AsSpan(Cells, Cells).ToArray().All(float.IsNaN));
        Assert.IsTrue(
            _log.Warnings.Any(warning =>
                warning.Contains("row 0: the map of method 'Breaks' is not finite for query 'q2'", StringComparison.Ordinal)
            )
        );
    }

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.IsFalse(expected.IsEmpty, what);
        Assert.IsTrue(expected.SequenceEqual(actual), what);
    }

    private sealed record AskingMethod : GroundingMethod
    {
        public required Action<CapturePlan> Needs { get; init; }

        public Action<CapturedAttention>? Looks { get; init; }

        public int Breaks { get; init; } = -1;

        protected internal override void Plan(CapturePlan plan)
        {
            base.Plan(plan);
            Needs(plan);
        }

        protected internal override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map)
        {
            map[query] = query == Breaks ? float.NaN : 1;
            if (query == 0)
            {
                Looks?.Invoke(attention);
            }
        }
    }
}
