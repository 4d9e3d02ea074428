using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Models;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Testing;
using static TorchSharp.torch;

namespace MLNetGrounding.Golden.Models;

/// <summary>Pixels, features, positions, words, attention and logits of every family that is built, against Hugging Face's.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class ModelTests
{
    private const double PixelLimit = 1e-6;
    private const double FeatureLimit = 1e-4;
    private const double MapLimit = 1e-6;

    // The query that maps are of whose names do not say it.
    private const int MappedQuery = 1;

    private static readonly (string Name, MapViews Views)[] StoredMaps =
    [
        ("map_tiles_plus_thumbnail", MapViews.All),
        ("map_tiles", MapViews.Tiles),
        ("map_thumbnail", MapViews.Whole),
        ("map_fine_plus_base", MapViews.All),
        ("map_fine", MapViews.Tiles),
        ("map_base", MapViews.Whole),
    ];

    /// <summary>The variable <c>GOLDEN_DEVICE</c> may say <c>cuda</c>, in a build with such a back end.</summary>
    private static ModelDevice Place { get; } =
        Environment.GetEnvironmentVariable("GOLDEN_DEVICE") is { Length: > 0 } name
            ? Enum.Parse<ModelDevice>(name, ignoreCase: true)
            : ModelDevice.Cpu;

    public static IEnumerable<object[]> Models => GoldenFolders.Folders("", "prompt.json").Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void EverythingOnTheWayToTheLogitsIsHuggingFaces(string folder)
    {
        GoldenModel golden = new(folder);
        if (!golden.IsBuilt)
        {
            Assert.Inconclusive($"The family {golden.Family} is not built.");
        }

        using TemporaryFolder copies = new();
        List<string> failures = [];
        foreach (GoldenModelCase each in golden.Cases)
        {
            try
            {
                Check(golden, each, golden.CheckpointFor(each.Settings, copies.Path));
            }
            catch (Exception exception) when (exception is not AssertInconclusiveException)
            {
                failures.Add($"{each.Name}: {exception.Message}");
            }
        }

        Assert.IsEmpty(failures, string.Join(Environment.NewLine, failures));
    }

    private static void Check(GoldenModel golden, GoldenModelCase each, string checkpoint)
    {
        GoldenCase result = new(golden.Folder, each.Name);
        SharedCheckpoint model = result.Load(() =>
            SharedCheckpoint.Load(checkpoint, new VisionLanguageModelOptions { Device = Place, Precision = ModelPrecision.Float32 })
        );
        try
        {
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            using IDisposable inference = no_grad();
            ImageRequest request = each.Request;
            RgbImage decoded = Decode(each.ImagePath);
            PreparedImage image = result.Load(() => model.Images.Prepare(decoded, request, CancellationToken.None));
            result.Run(() =>
            {
                Resized(each, ResizedPixels.TryOf(model.Images, decoded, request), result);
                Pixels(each, model, image, result);
                Features(each, model, image, result);
                Queries(each, model, image, result);
            });
        }
        finally
        {
            model.Release();
        }

        result.Complete();
    }

    private static void Resized(GoldenModelCase each, byte[]? actual, GoldenCase result)
    {
        if (actual is not null && each.Expected("resized_u8") is { } expected)
        {
            result.Equal("resized_u8", expected.Bytes(), actual);
        }
    }

    private static void Pixels(GoldenModelCase each, SharedCheckpoint model, PreparedImage image, GoldenCase result)
    {
        if (each.Expected("pixels_u8") is { } levels && ResizedPixels.TryLevels(model.Images, image) is { } actual)
        {
            result.Equal("pixels_u8", levels.Bytes(), actual);
        }

        if (each.Expected("pixel_values") is { } expected)
        {
            result.Close("pixel_values", expected.Floats(), image.Values, PixelLimit);
        }
    }

    private static void Features(GoldenModelCase each, SharedCheckpoint model, PreparedImage image, GoldenCase result)
    {
        Tensor pixels = tensor(image.Values, image.Shape, device: Place == ModelDevice.Cuda ? CUDA : CPU);
        foreach ((string name, Tensor stage) in VisionStages.Of(model.Network, pixels, image))
        {
            if (each.Expected(name) is { } stored)
            {
                result.Close(name, stored.Floats(), stage.ToFloats(), FeatureLimit);
            }
        }

        if (each.Expected("image_features") is { } expected)
        {
            result.Close("image_features", expected.Floats(), model.Network.Encode(pixels, image).Features.ToFloats(), FeatureLimit);
        }
    }

    private static void Queries(GoldenModelCase each, SharedCheckpoint model, PreparedImage image, GoldenCase result)
    {
        IReadOnlyList<GoldenQuery> queries = each.Queries;
        AttentionRows rows = new();
        PreparedPrompt prompt = result.Load(() =>
            model
                .CreatePromptBuilder(new GroundingProfile { Template = each.Template })
                .Build(
                    [
                        .. queries.Select(
                            (query, index) =>
                                new AttentionQuery
                                {
                                    Name = $"{index}",
                                    Word = query.Word,
                                    Question = query.Question,
                                    Role = index == 0 ? QueryRole.Coarse : QueryRole.Fine,
                                }
                        ),
                    ],
                    new CaptureOptions
                    {
                        Fit = ImageFit.Native,
                        SuffixLogits = true,
                        Observers = [rows],
                    },
                    image.Span.Layout
                )
        );
        for (int query = 0; query < queries.Count; query++)
        {
            IReadOnlyList<int> ids = [.. prompt.Prefix, .. image.Span.Before, .. image.Span.Ids, .. prompt.Suffixes[query].TokenIds];
            int start = prompt.Prefix.Count + image.Span.Before.Count + image.Span.Ids.Count;
            result.Equal($"q{query}_input_ids", queries[query].InputIds, ids);
            result.Equal(
                $"q{query}_word_positions",
                queries[query].WordPositions,
                [.. prompt.Suffixes[query].Rows.Select(row => start + row)]
            );
            result.Equal($"q{query}_suffix_start", [queries[query].SuffixStart], [start]);
            result.Equal($"q{query}_image_positions", queries[query].ImagePositions, Runs(ids, model.Info.ImageTokenId));
        }

        AttentionCapture capture = model.Capturer.Capture(image, prompt, CancellationToken.None);
        for (int query = 0; query < queries.Count; query++)
        {
            if (each.Expected($"q{query}_attn_suffix") is { } attention)
            {
                result.Close($"q{query}_attn_suffix", attention.Floats(), rows.Suffix(query), each.Attention);
            }

            if (each.Expected($"q{query}_logits_suffix") is { } logits)
            {
                result.Close($"q{query}_logits_suffix", logits.Floats(), capture.SuffixLogits[query], each.Logits);
            }
        }

        Maps(each, model, image, prompt, result);
        if (each.Expected("q0_attn") is { } whole)
        {
            result.Close("q0_attn", whole.Floats(), rows.Whole, each.Attention);
        }

        Positions(each, model, image, prompt, result);
    }

    /// <summary>The maps that are stored, of each choice of views, computed from the stored attention.</summary>
    private static void Maps(GoldenModelCase each, SharedCheckpoint model, PreparedImage image, PreparedPrompt prompt, GoldenCase result)
    {
        IEnumerable<(string Name, int Query, MapViews Views)> maps = StoredMaps.SelectMany(map =>
            Enumerable
                .Range(0, prompt.Suffixes.Count)
                .Select(query => ($"q{query}_{map.Name}", query, map.Views))
                .Prepend((map.Name, MappedQuery, map.Views))
        );
        foreach ((string name, int query, MapViews views) in maps)
        {
            if (each.Expected(name) is not { } expected || each.Expected($"q{query}_attn_suffix") is not { } attention)
            {
                continue;
            }

            VisualLayout layout = model
                .Images.Prepare(Decode(each.ImagePath), each.Request with { Views = views }, CancellationToken.None)
                .Span.Layout;
            int start = prompt.Prefix.Count + image.Span.Before.Count;
            float[] stored = attention.Floats();
            int keys = attention.Shape[^1];
            int length = keys * attention.Shape[^2];
            IReadOnlyList<int> words = prompt.Suffixes[query].Rows;
            List<float> actual = [];
            for (int map = 0; map < stored.Length / length; map++)
            {
                float[] tokens =
                [
                    .. Enumerable
                        .Range(0, layout.Tokens)
                        .Select(token => words.Average(row => stored[(map * length) + (row * keys) + start + token])),
                ];
                actual.AddRange(layout.Apply(tokens));
            }

            result.Close(name, expected.Floats(), [.. actual], MapLimit);
        }
    }

    /// <summary>The positions of every query's sequence on all axes.</summary>
    private static void Positions(
        GoldenModelCase each,
        SharedCheckpoint model,
        PreparedImage image,
        PreparedPrompt prompt,
        GoldenCase result
    )
    {
        PackedSequence sequence = new(prompt, image.Span, model.Network.Decoder.PositionAxes);
        for (int query = 0; query < prompt.Suffixes.Count; query++)
        {
            if (each.Expected($"q{query}_position_ids") is not { } expected)
            {
                continue;
            }

            PackedSuffix suffix = sequence.Suffixes[query];
            long[] actual =
            [
                .. sequence.Positions.SelectMany(axis =>
                    axis.Take(sequence.PrefixLength).Concat(axis.Skip(suffix.Start).Take(suffix.Length)).Select(position => (long)position)
                ),
            ];
            result.Equal($"q{query}_position_ids", expected.Longs(), actual);
        }
    }

    private static List<(int, int)> Runs(IReadOnlyList<int> ids, int token)
    {
        List<(int, int)> runs = [];
        for (int start = 0; start < ids.Count; start++)
        {
            if (ids[start] == token && (start == 0 || ids[start - 1] != token))
            {
                runs.Add((start, start + ids.Skip(start).TakeWhile(id => id == token).Count()));
            }
        }

        return runs;
    }

    private static RgbImage Decode(string path) => PngImage.Read(path);
}
