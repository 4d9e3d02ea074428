using Microsoft.ML;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Methods;

/// <summary>Runs methods on the tiny golden checkpoint, and reads the attention that Hugging Face's code computes on it.</summary>
internal static class GoldenMethods
{
    public static GoldenData Golden => GoldenData.TinyA;

    /// <summary>
    /// The fine queries, in order, as indices of golden queries; <see cref="Neutral"/> and <see cref="Background"/> are not among them.
    /// </summary>
    public static int[] Fine => [1, 2];

    public static int Neutral => 3;

    public static int Background => 4;

    public static MethodGrounderOptions Options(ImageFit fit, params GroundingMethod[] methods) =>
        new()
        {
            ModelDirectory = Golden.Checkpoint,
            ModelOptions = new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 },
            Queries =
            [
                .. Enumerable
                    .Range(0, 5)
                    .Select(index => new AttentionQuery
                    {
                        Name = $"q{index}",
                        Role =
                            index == Golden.Prompt.CoarseQuery ? QueryRole.Coarse
                            : index == Neutral ? QueryRole.Neutral
                            : index == Background ? QueryRole.Background
                            : QueryRole.Fine,
                        TokenIds = Golden.Prompt.Suffixes[index],
                        TokenPositions = [Golden.Prompt.TargetInSuffix[index]],
                    }),
            ],
            Capture = new CaptureOptions { Fit = fit, PrefixTokenIds = Golden.Prompt.Prefix },
            Methods = methods,
        };

    public static string ImagePath(string image) => Golden.Image(image + "_crop");

    public static IDataView Ground(MLContext ml, MethodGrounderOptions options, params string[] images)
    {
        IDataView paths = ml.Data.LoadFromEnumerable(images.Select(image => new PathRow { ImagePath = ImagePath(image) }).ToArray());
        return ml.Transforms.LoadGroundingImages().Append(ml.Transforms.GroundByMethods(options)).Fit(paths).Transform(paths);
    }

    /// <summary>A golden query's softmax attention, <c>[layers][heads][n, n]</c>.</summary>
    public static double[][][,] Attention(string caseName, int query)
    {
        NpyFile file = Golden.Expected(caseName, $"q{query}_attn");
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

    public static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<float> actual, string what, double relative = 1e-4)
    {
        Assert.HasCount(expected.Count, actual, what);
        double scale = expected.Max(Math.Abs);
        for (int index = 0; index < expected.Count; index++)
        {
            Assert.AreEqual(expected[index], actual[index], relative * scale, $"{what} [{index}]");
        }
    }

    internal sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }
}
