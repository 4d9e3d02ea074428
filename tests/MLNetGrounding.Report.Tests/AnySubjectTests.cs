using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.Testing;
using SkiaSharp;

namespace MLNetGrounding.Report;

/// <summary>
/// A pipeline over photos of anything: image files, words and an object of the user's own, no annotations. What is painted here is
/// no car that the sample model knows, so that where it looks means nothing, which the report says.
/// </summary>
[TestClass]
public sealed class AnySubjectTests
{
    private const string Caveat = "The model knows drawn cars, not these: where it looks means nothing.";

    private static readonly string[] Words = ["wheel", "door", "window"];
    private static readonly (int Width, int Height)[] Sizes = [(320, 200), (180, 240), (240, 240)];
    private static readonly TemporaryFolder Folder = new();
    private static readonly MLContext Context = new(seed: 1);
    private static readonly List<string> Warnings = [];
    private static readonly string[] Paths =
    [
        .. Sizes.Select((size, index) => Path.Combine(Folder.Path, $"car-{index}.jpg")),
        Path.Combine(Folder.Path, "broken.jpg"),
    ];
    private static TransformerChain<GroundingDrawerTransformer> _model = null!;
    private static IDataView _grounded = null!;

    [ClassInitialize]
    public static void Ground(TestContext context)
    {
        for (int index = 0; index < Sizes.Length; index++)
        {
            DrawCar(Paths[index], Sizes[index].Width, Sizes[index].Height);
        }

        File.WriteAllText(Paths[^1], "no image");
        Context.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning)
            {
                lock (Warnings)
                {
                    Warnings.Add(entry.RawMessage);
                }
            }
        };
        IDataView photos = Context.Data.LoadFromEnumerable(Paths.Select(path => new Photo { ImagePath = path }));
        _model = Context
            .Transforms.LoadGroundingImages()
            .Append(Context.Transforms.ExtractAttention(SampleLlava.Directory, Words, "car"))
            .Append(Context.Transforms.SelectHeads())
            .Append(Context.Transforms.MaskByRollout())
            .Append(Context.Transforms.DrawGrounding("wheel"))
            .Fit(photos);
        _grounded = Context.Data.Cache(_model.Transform(photos), "ImagePath", "Geometry", "CoarseMask", "GroundingMaps");
    }

    [ClassCleanup]
    public static void Cleanup()
    {
        _model?.Dispose();
        Folder.Dispose();
    }

    [TestMethod]
    public void EveryPhotoHasAMapForEachWordUnderTheMaskOfTheObject()
    {
        DataViewSchema.Column maps = _grounded.Schema["GroundingMaps"];
        CollectionAssert.AreEqual(Words, maps.GetQueryNames().ToArray());
        DataViewSchema schema = _model.GetOutputSchema(Context.Data.LoadFromEnumerable(Array.Empty<Photo>()).Schema);
        ReadOnlyMemory<char> name = default;
        schema["CoarseFlow"].Annotations.GetValue(GroundingAnnotations.CoarseName, ref name);
        Assert.AreEqual("car", name.ToString());
        float[][] values = [.. _grounded.GetColumn<float[]>("GroundingMaps")];
        float[][] masks = [.. _grounded.GetColumn<float[]>("CoarseMask")];
        Assert.HasCount(Paths.Length, values);
        for (int row = 0; row < Sizes.Length; row++)
        {
            Assert.IsTrue(values[row].All(value => float.IsFinite(value) && value >= 0), $"photo {row}");
            Assert.IsTrue(masks[row].Max() is 0 or 1, $"photo {row}: without a head that looks at one place there is no mask");
        }

        Assert.IsTrue(masks[..Sizes.Length].Any(mask => mask.Max() == 1));

        Assert.IsTrue(values[..Sizes.Length].Any(row => row.Any(value => value > 0)));
        Assert.IsTrue(values[^1].All(float.IsNaN), "a file that is no image costs its own row only");
        lock (Warnings)
        {
            // The sample model was trained on these words.
            Assert.AreEqual(
                0,
                Warnings.Count(warning => warning.Contains("no question for", StringComparison.Ordinal)),
                string.Join('\n', Warnings)
            );
        }
    }

    [TestMethod]
    public void RegionsHaveBoxesInsideThePhotoAndNoScores()
    {
        int found = 0;
        using GroundingEngine engine = Context.Model.CreateGroundingEngine(_model, ownsModel: false);
        for (int index = 0; index < Sizes.Length; index++)
        {
            GroundingPrediction prediction = engine.Predict(Paths[index]);
            foreach (string word in Words)
            {
                GroundedQuery query = prediction[word];
                Assert.IsNull(query.Hit);
                Assert.IsFalse(query.Map.ToArray().Any(float.IsNaN), word);
                if (query.Region.Box is not { } box)
                {
                    // No head looked at one place, or the place is in the padding.
                    Assert.AreEqual(0, query.Region.Area, $"{word} in photo {index}");
                    continue;
                }

                found++;
                Assert.IsGreaterThan(0, query.Region.Area, word);
                Assert.IsTrue(box.X >= 0 && box.Width > 0 && box.X + box.Width <= Sizes[index].Width, $"{word} in photo {index}: {box}");
                Assert.IsTrue(box.Y >= 0 && box.Height > 0 && box.Y + box.Height <= Sizes[index].Height, $"{word} in photo {index}: {box}");
            }
        }

        Assert.IsGreaterThan(0, found);
    }

    [TestMethod]
    public void TheOverlayIsThePhotoWithTheMapOverIt()
    {
        IDataView photos = Context.Data.LoadFromEnumerable(Paths.Select(path => new Photo { ImagePath = path }));
        int index = 0;
        foreach (MLImage? overlay in _model.Transform(photos).GetColumn<MLImage?>("Overlay"))
        {
            if (index == Sizes.Length)
            {
                Assert.IsNull(overlay);
            }
            else
            {
                using MLImage photo = ImageFile.Load(Paths[index]);
                Assert.AreEqual(Sizes[index], (overlay!.Width, overlay.Height));
                Assert.IsFalse(overlay.Pixels.SequenceEqual(photo.Pixels));
            }

            index++;
        }

        Assert.AreEqual(Paths.Length, index);
    }

    [TestMethod]
    public async Task TheReportShowsMapsAndSaysThatNothingIsScored()
    {
        string path = Path.Combine(Folder.Path, "report.html");
        IDataView photos = Context.Data.LoadFromEnumerable(Paths.Select(each => new Photo { ImagePath = each }));
        Context.Grounding.WriteReport(_model.Transform(photos), path, new GroundingReportOptions { Title = "Cars", Description = Caveat });
        await using OpenReport report = await OpenReport.AtAsync(path);

        string text = await report.Page.Locator("body").InnerTextAsync();

        Assert.Contains(Caveat, text);
        Assert.Contains("Not scored: no image has a visible key point", text);
        Assert.Contains("1 more could not be computed", text);
        Assert.DoesNotContain("mPIR", text);
        Assert.DoesNotContain("undefined", text);
        StringAssert.DoesNotMatch(
            text.Replace(Caveat, "", StringComparison.Ordinal),
            new Regex(@"\b(bird|species|hit|miss)", RegexOptions.IgnoreCase)
        );
        Assert.AreEqual(
            0,
            await report
                .Page.Locator("#table:visible, #attributes-section:visible, #outcome:visible, .chip.hit:visible, .chip.miss:visible")
                .CountAsync()
        );
        Assert.HasCount(Sizes.Length * Words.Length, await report.CardNamesAsync());
        await report.Cards.First.ClickAsync();
        string detail = await report.Dialog.InnerTextAsync();
        Assert.Contains("The region covers", detail);
        Assert.DoesNotContain("scored", detail);
        StringAssert.Matches(detail, new Regex(@"\d+ × \d+ pixels"));
        Assert.AreEqual(Words.Length, await report.Page.Locator("#detail-queries button").CountAsync());
    }

    private static void DrawCar(string path, int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { IsAntialias = true };
        canvas.Clear(new SKColor(150, 190, 230));
        Fill(new SKColor(90, 90, 95), 0, 0.7f, 1, 0.3f);
        Fill(new SKColor(190, 40, 40), 0.1f, 0.45f, 0.8f, 0.27f);
        Fill(new SKColor(190, 40, 40), 0.28f, 0.28f, 0.42f, 0.2f);
        Fill(new SKColor(210, 235, 245), 0.32f, 0.31f, 0.15f, 0.13f);
        Fill(new SKColor(150, 25, 25), 0.5f, 0.48f, 0.17f, 0.2f);
        foreach (float x in (float[])[0.27f, 0.73f])
        {
            paint.Color = new SKColor(30, 30, 30);
            canvas.DrawCircle(x * width, 0.73f * height, 0.09f * Math.Min(width, height), paint);
        }

        canvas.Flush();
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        File.WriteAllBytes(path, data.ToArray());

        void Fill(SKColor color, float left, float top, float across, float down)
        {
            paint.Color = color;
            canvas.DrawRect(left * width, top * height, across * width, down * height, paint);
        }
    }

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";
    }
}
