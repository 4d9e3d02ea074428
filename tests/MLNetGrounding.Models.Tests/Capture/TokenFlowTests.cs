using MLNetGrounding.Maths.Rollout;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Flows that are followed during the capture against whole matrices of Hugging Face's attention, and against the stored VL-SAM maps.
/// </summary>
[TestClass]
public sealed class TokenFlowTests
{
    private const double RelativeTolerance = 1e-4;

    private static readonly GoldenData Golden = GoldenData.TinyA;

    private static readonly TokenFlowOptions VlSam = new() { Heads = HeadWeighting.LargestKey, Form = TokenFlowForm.Accumulated };

    [TestMethod]
    public void FlowsFollowWholeMatrices() =>
        Check(
            [
                .. from heads in Enum.GetValues<HeadWeighting>()
                from form in Enum.GetValues<TokenFlowForm>()
                from regularizer in Enum.GetValues<CausalRegularizer>()
                select new TokenFlowOptions
                {
                    Heads = heads,
                    Form = form,
                    Regularizer = regularizer,
                    FirstLayerDepth = form == TokenFlowForm.Halved ? 0.5 : 0,
                },
            ],
            QueryRow.WordMean,
            TokenFlowRoles.Fine,
            Golden.Prompt.FineQueries
        );

    [TestMethod]
    [DataRow(HeadWeighting.LargestKey)]
    [DataRow(HeadWeighting.LargestVisualKey)]
    public void MoreQueriesThanHeadsFlowAsEachAlone(HeadWeighting heads)
    {
        // Four heads; five queries are joined head by head as their rows pass, fewer before.
        TokenFlowOptions options = VlSam with
        {
            Heads = heads,
        };
        AttentionQuery[] queries =
        [
            .. Enumerable
                .Range(0, 5)
                .Select(index => GoldenQueries.Query(Golden.Prompt, Golden.Prompt.FineQueries[index % 4]) with { Name = $"{index}" }),
        ];
        float[] together = Capture([options], QueryRow.WordMean, TokenFlowRoles.Fine, queries, ImageFit.Pad, "img0")[0];
        int cells = Golden.Prompt.ImageTokens;
        for (int query = 0; query < queries.Length; query++)
        {
            float[] alone = Capture([options], QueryRow.WordMean, TokenFlowRoles.Fine, [queries[query]], ImageFit.Pad, "img0")[0];
            AssertClose([.. alone.Select(value => (double)value)], together[(query * cells)..((query + 1) * cells)]);
        }
    }

    [TestMethod]
    public void TheLastPromptTokensFlowStartsAtTheLastPromptToken() =>
        Check([VlSam], QueryRow.LastPromptToken, TokenFlowRoles.Fine, Golden.Prompt.FineQueries);

    [TestMethod]
    public void BackgroundQueriesComeAfterTheFineOnes()
    {
        int[] fine = Golden.Prompt.FineQueries;
        Check(
            [VlSam],
            QueryRow.LastPromptToken,
            TokenFlowRoles.FineAndBackground,
            [fine[1], fine[2], fine[3], fine[0]],
            background: fine[0]
        );
    }

    [TestMethod]
    [DataRow(CausalRegularizer.EveryStep, "flow")]
    [DataRow(CausalRegularizer.EveryMatrix, "S")]
    [DataRow(CausalRegularizer.Final, "final")]
    [DataRow(CausalRegularizer.None, "none")]
    public void VlSamsMapsAreTheStoredOnes(CausalRegularizer regularizer, string stored)
    {
        foreach (string image in new[] { "img0", "img1" })
        {
            // Query 0 is the coarse one of the prompt; here it is followed like any other.
            AttentionQuery[] queries = [.. GoldenQueries.All(Golden.Prompt).Take(2).Select(query => query with { Role = QueryRole.Fine })];
            float[] maps = Capture(
                [VlSam with { Regularizer = regularizer }],
                QueryRow.WordMean,
                TokenFlowRoles.Fine,
                queries,
                ImageFit.Crop,
                image
            )[0];
            AssertClose(Golden.Method($"{image}_crop", $"vlsam_map_q0q1_{stored}").Doubles(), maps);
        }
    }

    [TestMethod]
    public void APromptWithoutFineQueriesHasNoFlow() =>
        Assert.IsEmpty(
            Capture(
                [VlSam],
                QueryRow.WordMean,
                TokenFlowRoles.Fine,
                [GoldenQueries.Query(Golden.Prompt, Golden.Prompt.CoarseQuery)],
                ImageFit.Pad,
                "img0"
            )[0]
        );

    [TestMethod]
    public void CoarseMasksAreThoseOfTheFlowThatLeavesTheCapture()
    {
        CoarseFlowOptions flow = new() { Heads = FlowHeads.AllMean };
        RolloutOptions[] rollouts = [new(), new() { RowNormalized = true }, new() { Order = RolloutOrder.BottomUp }];
        AttentionCapture capture = TinyACapture.Run(
            Golden.Checkpoint,
            change: options => options with { Flow = flow, Observers = [new CoarseMaskObserver(flow, rollouts)] }
        );
        int cells = Golden.Prompt.ImageTokens;
        for (int index = 0; index < rollouts.Length; index++)
        {
            float[] mask = new float[cells];
            CoarseRollout.TokenMask(
                capture.CoarseFlow,
                capture.FlowRowSums,
                4,
                capture.Prompt.FlowTokens,
                [.. capture.Prompt.CoarsePositions],
                rollouts[index],
                mask
            );
            CollectionAssert.AreEqual(mask, capture.Observations[0][(index * cells)..((index + 1) * cells)]);
        }
    }

    [TestMethod]
    public void SeveralRowsOfAQueryAreCapturedInOnePass()
    {
        AttentionCapture both = TinyACapture.Run(
            Golden.Checkpoint,
            change: options => options with { FurtherRows = [QueryRow.LastPromptToken, QueryRow.WordMean] }
        );
        AttentionCapture word = TinyACapture.Run(Golden.Checkpoint);
        AttentionCapture last = TinyACapture.Run(Golden.Checkpoint, change: options => options with { Row = QueryRow.LastPromptToken });
        CollectionAssert.AreEqual(new[] { QueryRow.WordMean, QueryRow.LastPromptToken }, both.Prompt.Rows.ToArray());
        TinyACapture.Near(word.FineAttention, both.FineAttention, 2e-6, "words");
        TinyACapture.Near(word.CoarseAttention, both.Maps(QueryRole.Coarse, QueryRow.WordMean), 2e-6, "coarse word");
        TinyACapture.Near(last.FineAttention, both.Maps(QueryRole.Fine, QueryRow.LastPromptToken), 2e-6, "last prompt tokens");
        TinyACapture.Near(last.CoarseAttention, both.Maps(QueryRole.Coarse, QueryRow.LastPromptToken), 2e-6, "last coarse token");
    }

    private static void Check(TokenFlowOptions[] options, QueryRow row, TokenFlowRoles roles, int[] expectedQueries, int background = -1)
    {
        AttentionQuery[] queries =
        [
            .. GoldenQueries
                .All(Golden.Prompt)
                .Select((query, index) => index == background ? query with { Role = QueryRole.Background } : query),
        ];
        IReadOnlyList<float[]> maps = Capture(options, row, roles, queries, ImageFit.Pad, "img0");
        GoldenPrompt prompt = Golden.Prompt;
        double[][][][,] attention = Array.ConvertAll(expectedQueries, query => Attention(Golden.Expected("img0_pad", $"q{query}_attn")));
        for (int index = 0; index < options.Length; index++)
        {
            double[] expected =
            [
                .. expectedQueries.SelectMany(
                    (query, place) =>
                        MatrixFlow.Row(
                            attention[place],
                            options[index],
                            [row == QueryRow.LastPromptToken ? attention[place][0][0].GetLength(0) - 1 : prompt.TargetPositions[query]],
                            prompt.ImageStart,
                            prompt.ImageTokens
                        )
                ),
            ];
            AssertClose(expected, maps[index], options[index].ToString());
        }
    }

    private static IReadOnlyList<float[]> Capture(
        TokenFlowOptions[] options,
        QueryRow row,
        TokenFlowRoles roles,
        IReadOnlyList<AttentionQuery> queries,
        ImageFit fit,
        string image
    )
    {
        using var model = VisionLanguageModel.Load(
            Golden.Checkpoint,
            new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 }
        );
        CaptureOptions capture = GoldenQueries.Options(Golden.Prompt) with
        {
            Fit = fit,
            FurtherRows = [row],
            Observers = [.. options.Select(each => new TokenFlowObserver(each, row, roles))],
        };
        return model.Capture(Pictures.Decode(Golden.Image($"{image}_crop")), model.Prepare(queries, capture)).Observations;
    }

    private static double[][][,] Attention(NpyFile file)
    {
        double[] values = file.Doubles();
        (int heads, int n) = (file.Shape[1], file.Shape[2]);
        return
        [
            .. Enumerable
                .Range(0, file.Shape[0])
                .Select(layer =>
                    Enumerable
                        .Range(0, heads)
                        .Select(head =>
                        {
                            double[,] matrix = new double[n, n];
                            Buffer.BlockCopy(values, (layer * heads + head) * n * n * sizeof(double), matrix, 0, n * n * sizeof(double));
                            return matrix;
                        })
                        .ToArray()
                ),
        ];
    }

    private static void AssertClose(double[] expected, float[] actual, string what = "")
    {
        Assert.HasCount(expected.Length, actual);
        double scale = expected.Max();
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.AreEqual(expected[index], actual[index], RelativeTolerance * scale, $"{what} [{index}]");
        }
    }
}
