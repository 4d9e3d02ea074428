using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.MlNet;
using MLNetGrounding.Testing;
using static MLNetGrounding.Methods.GoldenMethods;

namespace MLNetGrounding.Methods;

/// <summary>Every preset against golden data or a twin written from its publication, and what all of them share.</summary>
[TestClass]
public sealed class MethodGrounderTests
{
    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    private static int Cells => Golden.Prompt.ImageTokens;

    [TestMethod]
    public void ThePapersMapsAreTheStoredOnes()
    {
        IDataView data = Ground(ML, Options(ImageFit.Crop, GroundingMethods.Paper), "img0", "img1");
        float[][] maps = data.Vectors("GroundingMaps.Paper");
        CollectionAssert.AreEqual(new[] { 2, 4, 4 }, data.Schema.Dimensions("GroundingMaps.Paper"));
        CollectionAssert.AreEqual(new[] { "q1", "q2" }, data.Schema["GroundingMaps.Paper"].GetQueryNames().ToArray());
        for (int image = 0; image < 2; image++)
        {
            double[] stored = Golden.Method($"img{image}_crop", "fine_final").Doubles();
            AssertClose(stored[..(2 * Cells)], maps[image], $"img{image}", relative: 1e-3);
        }
    }

    [TestMethod]
    public void VlSamsMapsAreTheStoredOnes()
    {
        float[] maps = Ground(ML, Options(ImageFit.Crop, GroundingMethods.VlSam), "img0").Vectors("GroundingMaps.VlSam")[0];
        AssertClose(Golden.Method("img0_crop", "vlsam_map_q0q1_flow").Doubles()[Cells..], maps[..Cells], "query 1");
    }

    [TestMethod]
    [DataRow("Paper.RolloutBottomUp", "order_right")]
    [DataRow("Paper.RolloutNormalized", "rownorm")]
    [DataRow("Paper.RolloutAllHeads", "abnar")]
    [DataRow("Paper", "default")]
    public void AblationsWithStoredMapsGiveThem(string name, string stored)
    {
        float[] maps = Ground(ML, Options(ImageFit.Crop, GroundingMethods.ByName(name)), "img0").Vectors($"GroundingMaps.{name}")[0];
        AssertClose(Golden.Method("img0_crop", $"alt_final_q1__{stored}").Doubles(), maps[..Cells], name, relative: 1e-3);
    }

    [TestMethod]
    [DataRow("spatial_matmul")]
    [DataRow("spatial_hadamard")]
    [DataRow("coarse_hsa_mean")]
    [DataRow("coarse_all_max")]
    [DataRow("normalize_layers")]
    public void MethodsDerivedFromThePapersGiveTheStoredMaps(string stored)
    {
        GroundingMethod method = stored switch
        {
            "spatial_matmul" => GroundingMethods.Paper with { Rollout = new() { Form = RolloutForm.SpatialProduct } },
            "spatial_hadamard" => GroundingMethods.Paper with { Rollout = new() { Form = RolloutForm.SpatialElementwise } },
            "coarse_hsa_mean" => GroundingMethods.Paper with { FlowHeads = FlowHeads.KeptMean },
            "coarse_all_max" => GroundingMethods.Paper with { FlowHeads = FlowHeads.AllMaximum },
            _ => GroundingMethods.Paper with { Aggregation = new() { Normalization = WeightNormalization.AcrossLayers } },
        };
        float[] maps = Ground(ML, Options(ImageFit.Crop, method), "img0").Vectors("GroundingMaps.Paper")[0];
        AssertClose(Golden.Method("img0_crop", $"alt_final_q1__{stored}").Doubles(), maps[..Cells], stored, relative: 1e-3);
    }

    [TestMethod]
    public void PeersFollowTheirPublications()
    {
        GroundingMethod[] methods =
        [
            GroundingMethods.AllHeadsMean,
            GroundingMethods.AbnarRollout,
            GroundingMethods.VlSam,
            GroundingMethods.ViCrop,
            GroundingMethods.DecAf,
        ];
        foreach (string image in new[] { "img0", "img1" })
        {
            IDataView data = Ground(ML, Options(ImageFit.Pad, methods), image);
            double[][][,] neutral = GoldenMethods.Attention($"{image}_pad", Neutral);
            double[][][,] background = GoldenMethods.Attention($"{image}_pad", Background);
            int start = Golden.Prompt.ImageStart;
            for (int index = 0; index < Fine.Length; index++)
            {
                double[][][,] attention = GoldenMethods.Attention($"{image}_pad", Fine[index]);
                int row = Golden.Prompt.TargetPositions[Fine[index]];
                void Check(string name, double[] expected) =>
                    AssertClose(
                        expected,
                        data.Vectors($"GroundingMaps.{name}")[0][(index * Cells)..((index + 1) * Cells)],
                        $"{name} of {image}, query {Fine[index]}",
                        relative: 3e-4
                    );
                Check("AllHeadsMean", PublishedMethods.MeanOfAllHeads(attention, row, start, Cells));
                Check("AbnarRollout", PublishedMethods.Rollout(attention, row, start, Cells));
                Check("VlSam", PublishedMethods.VlSam(attention, row, start, Cells));

                // 14 of 32 layers deep is layer 1 of 4; half of 4 layers is layer 2.
                Check("ViCrop", PublishedMethods.RelativeAttention(attention, neutral, 1, start, Cells));
                Check("DecAf", PublishedMethods.DecAf(attention, background, 2, start, Golden.Prompt.Grid));
            }
        }
    }

    [TestMethod]
    public void TheSampleMethodOfTheNotesWorksAsWritten()
    {
        string notes = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "adding-a-method.md"));
        string code = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "StrongestHeadGrounding.cs"));
        StringAssert.Contains(
            notes,
            code[code.IndexOf("public sealed record", StringComparison.Ordinal)..]
                .Trim()
                .Replace("protected internal", "protected", StringComparison.Ordinal)
        );
        float[] maps = Ground(ML, Options(ImageFit.Pad, new StrongestHeadGrounding { Name = "Mine" }), "img0")
            .Vectors("GroundingMaps.Mine")[0];
        double[][][,] attention = GoldenMethods.Attention("img0_pad", Fine[0]);
        int row = Golden.Prompt.TargetPositions[Fine[0]];
        double[] expected =
        [
            .. Enumerable
                .Range(Golden.Prompt.ImageStart, Cells)
                .Select(cell => attention.SelectMany(layer => layer).Max(head => head[row, cell])),
        ];
        AssertClose(expected, maps[..Cells], "strongest head");
    }

    [TestMethod]
    public void LocalizationHeadsAreLearnedFromTheImagesThatFitIsGiven()
    {
        LocalizationHeadsGrounding method = GroundingMethods.LocalizationHeads with
        {
            HeadCount = 2,
            Smoothing = null,
            Localization = new() { HeadsPerSample = 3 },
        };
        AttentionHead[] Expected(params string[] images)
        {
            HeadFrequency frequency = new(4, 4);
            bool[] selected = new bool[16];
            foreach (string image in images)
            {
                foreach (int query in Fine)
                {
                    LocalizationHeads.Select(LastRows(image, query), 4, 4, 4, 4, method.Localization, selected);
                    frequency.Add(selected);
                }
            }

            return [.. frequency.MostFrequent(2)];
        }

        IDataView paths = ML.Data.LoadFromEnumerable(
            new[] { "img0", "img1" }.Select(image => new PathRow { ImagePath = ImagePath(image) }).ToArray()
        );
        foreach ((int images, string[] read) in new[] { (1, new[] { "img0" }), (100, new[] { "img0", "img1" }) })
        {
            using TransformerChain<MethodGrounderTransformer> chain = ML
                .Transforms.LoadGroundingImages()
                .Append(
                    ML.Transforms.GroundByMethods(
                        Options(ImageFit.Pad, method with { FittingImages = images }, GroundingMethods.AllHeadsMean)
                    )
                )
                .Fit(paths);
            AttentionHead[] heads = [.. ((LocalizationHeadsGrounding)chain.LastTransformer.Methods[0]).Heads!];
            CollectionAssert.AreEqual(Expected(read), heads);
            float[] map = chain.Transform(paths).Vectors("GroundingMaps.LocalizationHeads")[1][..Cells];
            float[] rows = LastRows("img1", Fine[0]);
            double[] expected =
            [
                .. Enumerable
                    .Range(0, Cells)
                    .Select(cell => heads.Sum(head => (double)rows[((head.Layer * 4) + head.Head) * Cells + cell])),
            ];
            AssertClose(expected, map, "sum of the heads");
        }
    }

    [TestMethod]
    public void MethodsThatCannotLearnSayWhy()
    {
        IDataView none = ML.Data.LoadFromEnumerable(Array.Empty<PathRow>());
        EstimatorChain<MethodGrounderTransformer> chain = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.GroundByMethods(Options(ImageFit.Pad, GroundingMethods.LocalizationHeads)));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => chain.Fit(none)).Message, "LocalizationHeads");
        GroundingMethod stated = GroundingMethods.LocalizationHeads with { Heads = [new AttentionHead(4, 0, 1)] };
        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentException>(() =>
                    ML.Transforms.LoadGroundingImages().Append(ML.Transforms.GroundByMethods(Options(ImageFit.Pad, stated))).Fit(none)
                )
                .Message,
            "layer 4"
        );
        Assert.ThrowsExactly<ArgumentException>(() =>
            ML.Transforms.GroundByMethods(Options(ImageFit.Pad, GroundingMethods.VlSam with { SinkRemoval = new() }))
        );
    }

    [TestMethod]
    public void AmplifiedAttentionReachesTheMaps()
    {
        MethodGrounderOptions options = Options(ImageFit.Pad, GroundingMethods.AllHeadsMean);
        float[] plain = Ground(ML, options, "img0").Vectors("GroundingMaps.AllHeadsMean")[0];
        options.Capture = options.Capture with
        {
            Amplification = new() { Bias = 2, MaskThreshold = 0.5 },
        };
        float[] amplified = Ground(ML, options, "img0").Vectors("GroundingMaps.AllHeadsMean")[0];
        Assert.IsGreaterThan(plain.Sum(), amplified.Sum());
    }

    [TestMethod]
    public void EveryAblationChangesTheMaps()
    {
        // The tiny checkpoint's layers have four heads, of which no more than three are ever kept; its states are too small to be sinks,
        // and no cell of its maps stands out tenfold, nor by much the same factor for every question.
        HierarchicalGrounding[] ablations =
        [
            .. GroundingMethods.Ablations.Select(method =>
                method with
                {
                    HeadSelection = method.HeadSelection with { TopHeads = 1 },
                    SinkRemoval = method.SinkRemoval is null ? null : method.SinkRemoval with { Threshold = 0.1 },
                    ConstantCellRemoval = method.ConstantCellRemoval is null ? null : new() { Factor = 1.01, Agreement = 3 },
                }
            ),
        ];
        IDataView data = Ground(ML, Options(ImageFit.Crop, [GroundingMethods.Paper, .. ablations]), "img0");
        float[] paper = data.Vectors("GroundingMaps.Paper")[0];
        foreach (HierarchicalGrounding ablation in ablations)
        {
            float[] maps = data.Vectors($"GroundingMaps.{ablation.Name}")[0];
            Assert.IsTrue(RowValues.AreFinite(maps), ablation.Name);

            // By more than another order of adding up would.
            double difference = paper.Zip(maps).Max(pair => Math.Abs(pair.First - (double)pair.Second));
            Assert.IsGreaterThan(1e-3 * paper.Max(), difference, ablation.Name);
        }
    }

    [TestMethod]
    public void WithoutTheConstraintTheLayerMapsAreSummed()
    {
        IDataView data = Ground(ML, Options(ImageFit.Crop, GroundingMethods.ByName("Paper.NoConstraint")), "img0");
        double[] layers = Golden.Method("img0_crop", "fine_A_fine").Doubles();
        double[] expected =
        [
            .. Enumerable.Range(0, Cells).Select(cell => Enumerable.Range(0, 4).Sum(layer => layers[layer * Cells + cell])),
        ];
        AssertClose(expected, data.Vectors("GroundingMaps.Paper.NoConstraint")[0][..Cells], "sum", relative: 1e-3);
    }

    [TestMethod]
    public void AnImageIsCapturedOnceForAllMethodsThatAreRead()
    {
        CountingObserver observer = new();
        GroundingMethod[] methods =
        [
            new ProbeMethod { Name = "A", Observer = observer },
            new ProbeMethod { Name = "B", Observer = observer },
            GroundingMethods.Paper,
            GroundingMethods.DecAf,
        ];
        IDataView data = Ground(ML, Options(ImageFit.Pad, methods), "img0", "img1");
        _ = data.Vectors("Geometry");
        Assert.IsEmpty(observer.Prompts, "the geometry needs no model");
        Read(data, "GroundingMaps.A", "GroundingMaps.B");
        Assert.HasCount(2, observer.Prompts);
        Assert.IsTrue(
            observer.Prompts.All(prompt =>
                prompt.Queries.All(query => query.Role == QueryRole.Fine) && prompt.Options.Observers.Count == 1
            ),
            "unread methods cost nothing"
        );
        observer.Prompts.Clear();
        Read(data, "GroundingMaps.A", "GroundingMaps.Paper", "GroundingMaps.DecAf", "Geometry");
        Assert.HasCount(2, observer.Prompts);
        Assert.IsTrue(
            observer.Prompts.All(prompt =>
                prompt.Queries.Any(query => query.Role == QueryRole.Background)
                && prompt.Queries.All(query => query.Role != QueryRole.Neutral)
            )
        );
    }

    [TestMethod]
    public void MethodsTogetherEqualMethodsAlone()
    {
        GroundingMethod[] all = [.. GroundingMethods.All, .. GroundingMethods.Ablations];
        IDataView together = Ground(ML, Options(ImageFit.Pad, all), "img1");
        foreach (GroundingMethod method in all)
        {
            float[] alone = Ground(ML, Options(ImageFit.Pad, method), "img1").Vectors($"GroundingMaps.{method.Name}")[0];
            AssertClose(
                [.. alone.Select(value => (double)value)],
                together.Vectors($"GroundingMaps.{method.Name}")[0],
                method.Name,
                relative: 1e-5
            );
        }
    }

    [TestMethod]
    public void ReadingAheadChangesNoMap()
    {
        string[] images = ["img0", "img1", "img1", "img0"];
        MethodGrounderOptions options = Options(ImageFit.Pad, GroundingMethods.Paper);
        float[][] ahead = Ground(ML, options, images).Vectors("GroundingMaps.Paper");
        options.ReadAhead = 0;
        Columns.AssertSame(Ground(ML, options, images).Vectors("GroundingMaps.Paper"), ahead);
    }

    [TestMethod]
    public void ARowWithoutAnImageIsMarkedAndCostsNoOther()
    {
        using var folder = new TemporaryFolder();
        string broken = folder.Write("broken.png", "no image");
        IDataView paths = ML.Data.LoadFromEnumerable(
            new[]
            {
                new PathRow { ImagePath = broken },
                new PathRow { ImagePath = ImagePath("img0") },
            }
        );
        IDataView data = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.GroundByMethods(Options(ImageFit.Pad, GroundingMethods.Paper, GroundingMethods.VlSam)))
            .Fit(paths)
            .Transform(paths);
        foreach (string column in new[] { "GroundingMaps.Paper", "GroundingMaps.VlSam", "Geometry" })
        {
            float[][] values = data.Vectors(column);
            Assert.IsTrue(values[0].All(float.IsNaN), column);
            Assert.IsTrue(RowValues.AreFinite(values[1]), column);
        }

        Assert.IsTrue(_log.Warnings.Any(warning => warning.Contains("MethodGrounder: row 0: there is no image", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void ARowWithAnyValueThatIsNotFiniteIsMarked()
    {
        // Sharpening does not take NaN.
        var method = new ProbeMethod
        {
            Name = "Probe",
            Observer = new CountingObserver { Broken = 1 },
            Sharpening = new(),
        };
        float[][] maps = Ground(ML, Options(ImageFit.Pad, method), "img0", "img1").Vectors("GroundingMaps.Probe");
        Assert.IsTrue(maps[0].All(float.IsNaN));
        Assert.IsTrue(RowValues.AreFinite(maps[1]));
        Assert.IsTrue(
            _log.Warnings.Any(warning =>
                warning.Contains("MethodGrounder: row 0: the model's attention is not finite", StringComparison.Ordinal)
            )
        );
    }

    [TestMethod]
    public void MapsOfEveryRoleAndRowMustBeFinite()
    {
        GroundingMethod[] methods = [GroundingMethods.Paper, GroundingMethods.ViCrop, GroundingMethods.DecAf];
        MethodGrounderOptions options = Options(ImageFit.Pad, methods);
        using var model = VisionLanguageModel.Load(Golden.Checkpoint, options.ModelOptions!);
        var plan = CapturePlan.Of(methods, model.Profile.Row);
        PreparedPrompt prompt = model.Prepare(options.QueriesFor(plan), plan.CaptureOf(options.Capture));
        using var image = MLImage.CreateFromFile(ImagePath("img0"));
        AttentionCapture capture = model.Capture(ImageFile.ToRgb(image), prompt);
        Assert.IsNotNull(CapturedAttention.IfFinite(capture, plan, model.Info));
        float[][] all = [.. capture.Rows.SelectMany(row => row.Values)];
        Assert.HasCount(8, all, "four roles at two rows");
        foreach (float[] maps in all)
        {
            float before = maps[^1];
            maps[^1] = float.NaN;
            Assert.IsNull(CapturedAttention.IfFinite(capture, plan, model.Info));
            maps[^1] = before;
        }
    }

    [TestMethod]
    public void ImagesWhoseValuesAreNotFiniteAreNotLearnedFrom()
    {
        var method = new ProbeMethod
        {
            Name = "Probe",
            Observer = new CountingObserver { Broken = 1 },
            Learns = true,
        };
        float[][] maps = Ground(ML, Options(ImageFit.Pad, method), "img0", "img1").Vectors("GroundingMaps.Probe");
        Assert.IsTrue(
            _log.Warnings.Any(warning =>
                warning.Contains("Probe learned from 1 image(s); 1 row(s) without a usable image", StringComparison.Ordinal)
            ),
            string.Join('\n', _log.Warnings)
        );
        Assert.AreEqual(3, maps[0][0], "two images were captured to learn from the second");
    }

    [TestMethod]
    public void NothingIsLearnedWhereAnotherMethodDoesNotFit()
    {
        var observer = new CountingObserver();
        GroundingMethod learning = new ProbeMethod
        {
            Name = "Probe",
            Observer = observer,
            Learns = true,
        };
        GroundingMethod unfit = GroundingMethods.LocalizationHeads with { Heads = [new AttentionHead(4, 0, 1)] };
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Ground(ML, Options(ImageFit.Pad, learning, unfit), "img0")).Message,
            "layer 4"
        );
        MethodGrounderOptions options = Options(ImageFit.Pad, learning, GroundingMethods.DecAf);
        options.Queries =
        [
            .. options.Queries!.Select(query => query.Role == QueryRole.Background ? query with { TokenPositions = [999] } : query),
        ];
        Assert.Throws<ArgumentException>(() => Ground(ML, options, "img0"));

        GroundingMethod tooDeep = GroundingMethods.LocalizationHeads with { Localization = new() { FirstLayer = 4 } };
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Ground(ML, Options(ImageFit.Pad, tooDeep), "img0")).Message,
            "from layer 4 on"
        );
        Assert.IsEmpty(observer.Prompts);
    }

    [TestMethod]
    public void ContradictoryOptionsAreRefused()
    {
        void Refused(MethodGrounderOptions options, string because) =>
            StringAssert.Contains(Assert.Throws<ArgumentException>(() => ML.Transforms.GroundByMethods(options)).Message, because);
        Refused(Options(ImageFit.Pad, GroundingMethods.Paper, GroundingMethods.Paper), "'Paper'");
        Refused(Options(ImageFit.Pad), "Methods");
        Refused(new MethodGrounderOptions { Words = ["beak"] }, "ModelDirectory");
        Refused(Options(ImageFit.Pad, GroundingMethods.Paper with { FirstLayerDepth = 2 }), "FirstLayerDepth");
        Refused(Options(ImageFit.Pad, GroundingMethods.Paper with { Name = " " }), "Name");
        MethodGrounderOptions options = Options(ImageFit.Pad, GroundingMethods.DecAf);
        options.Queries = [.. options.Queries!.Where(query => query.Role != QueryRole.Background)];
        Refused(options, "Background");
        options = Options(ImageFit.Pad, GroundingMethods.Paper);
        options.Capture = options.Capture with { SuffixLogits = true };
        Refused(options, "Capture");
    }

    [TestMethod]
    public void OptionsThatChangeAfterwardsChangeNothing()
    {
        List<GroundingMethod> methods = [GroundingMethods.Paper];
        MethodGrounderOptions options = Options(ImageFit.Pad);
        options.Methods = methods;
        EstimatorChain<MethodGrounderTransformer> chain = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.GroundByMethods(options));
        methods[0] = GroundingMethods.VlSam with { Name = "" };
        IDataView paths = ML.Data.LoadFromEnumerable(new[] { new PathRow { ImagePath = ImagePath("img0") } });
        CollectionAssert.AreEqual(new[] { GroundingMethods.Paper }, chain.Fit(paths).LastTransformer.Methods.ToArray());
    }

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        var options = new MethodGrounderOptions();
        Assert.AreSame(GroundingMethods.All, options.Methods);
        Assert.IsEmpty(options.Words);
        Assert.AreEqual(new CaptureOptions(), options.Capture);
        Assert.AreEqual(2, options.ReadAhead);
        Assert.AreEqual("Image", options.ImageColumnName);
        Assert.AreEqual("GroundingMaps", options.GroundingMapsColumnName);
        Assert.AreEqual("Geometry", options.GeometryColumnName);
    }

    [TestMethod]
    public void TheShapePromisedIsTheShapeDelivered()
    {
        IDataView paths = ML.Data.LoadFromEnumerable(new[] { new PathRow { ImagePath = ImagePath("img0") } });
        EstimatorChain<MethodGrounderTransformer> chain = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.GroundByMethods(Options(ImageFit.Pad, GroundingMethods.Paper, GroundingMethods.ViCrop)));
        SchemaShape promised = chain.GetOutputSchema(SchemaShapes.Of(paths.Schema));
        SchemaShape delivered = SchemaShapes.Of(chain.Fit(paths).GetOutputSchema(paths.Schema));
        CollectionAssert.AreEqual(
            delivered.Select(column => (column.Name, column.Kind, column.ItemType)).ToArray(),
            promised.Select(column => (column.Name, column.Kind, column.ItemType)).ToArray()
        );
    }

    /// <summary>Attention of a query's last token over the picture, <c>[layers, heads, cells]</c>.</summary>
    private static float[] LastRows(string image, int query)
    {
        double[][][,] attention = GoldenMethods.Attention($"{image}_pad", query);
        int last = attention[0][0].GetLength(0) - 1;
        return
        [
            .. attention
                .SelectMany(layer => layer)
                .SelectMany(head => Enumerable.Range(Golden.Prompt.ImageStart, Cells).Select(cell => (float)head[last, cell])),
        ];
    }

    private static void Read(IDataView data, params string[] names)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(names.Select(name => data.Schema[name]));
        ValueGetter<VBuffer<float>>[] getters = [.. names.Select(name => cursor.GetGetter<VBuffer<float>>(data.Schema[name]))];
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            foreach (ValueGetter<VBuffer<float>> getter in getters)
            {
                getter(ref buffer);
                Assert.IsFalse(buffer.DenseValues().Any(float.IsNaN));
            }
        }
    }

    /// <summary>A method whose map is what its observer counts: how often the model was asked.</summary>
    private sealed record ProbeMethod : GroundingMethod
    {
        public required CountingObserver Observer { get; init; }

        public bool Learns { get; init; }

        protected internal override int ImagesToFit => Learns ? 1 : 0;

        protected internal override void Plan(CapturePlan plan)
        {
            base.Plan(plan);
            plan.NeedObserver(Observer);
        }

        protected internal override MethodLearner CreateLearner() => new Learner(this);

        protected internal override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map) =>
            map.Fill(attention.Observation(Observer)[0]);

        private sealed class Learner(ProbeMethod method) : MethodLearner
        {
            public override void Add(CapturedAttention attention) =>
                Assert.IsTrue(float.IsFinite(attention.Observation(method.Observer)[0]));

            public override GroundingMethod Complete() => method with { Learns = false };
        }
    }

    private sealed class CountingObserver : ILayerObserver
    {
        public List<PreparedPrompt> Prompts { get; } = [];

        /// <summary>The number, from 1, of the picture that is observed as NaN.</summary>
        public int Broken { get; init; }

        public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model)
        {
            lock (Prompts)
            {
                Prompts.Add(prompt);
                return new Recorder(Prompts.Count == Broken ? float.NaN : Prompts.Count);
            }
        }

        private sealed class Recorder(float value) : ILayerRecorder
        {
            public void Observe(LayerAttention attention) { }

            public float[] Complete() => [value];
        }
    }
}
