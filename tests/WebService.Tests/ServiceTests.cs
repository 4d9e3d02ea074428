using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace WebService;

/// <summary>The service over HTTP: right answers, also under load, and errors that say what is wrong.</summary>
[TestClass]
public sealed class ServiceTests
{
    private static readonly string[] Words = ["beak", "tail"];

    [TestMethod]
    public async Task AnImageIsAnsweredAsAnEngineAloneAnswersIt()
    {
        await using RunningService service = await RunningService.StartAsync();
        MLContext context = new();
        using GroundingEngine engine = context.Model.CreateGroundingEngine(
            new TransformerOfTheSample(new WebServiceSettings().Words).Fit(context),
            regionThreshold: 0.3
        );
        CollectionAssert.AreEqual(engine.QueryNames.ToArray(), await service.Client.GetFromJsonAsync<string[]>("/api/words"));
        foreach (string path in service.Paths.Take(3))
        {
            using MLImage image = ImageFile.Load(path);
            GroundingPrediction expected = engine.Predict(image);
            using HttpResponseMessage response = await service.PostAsync(await File.ReadAllBytesAsync(path), Words);
            Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
            JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.AreEqual(image.Width, answer.GetProperty("width").GetInt32());
            Assert.AreEqual(image.Height, answer.GetProperty("height").GetInt32());
            JsonElement[] words = [.. answer.GetProperty("words").EnumerateArray()];
            CollectionAssert.AreEqual(Words, words.Select(word => word.GetProperty("word").GetString()).ToArray());
            foreach (JsonElement word in words)
            {
                PredictedRegion region = expected[word.GetProperty("word").GetString()!].Region;
                Assert.AreEqual(region.Area, word.GetProperty("area").GetDouble());
                CollectionAssert.AreEqual(
                    region.Boxes.ToArray(),
                    word.GetProperty("boxes").Deserialize<PixelBox[]>(JsonSerializerOptions.Web)
                );
                Assert.IsNotEmpty(region.Boxes);
                Assert.IsFalse(word.TryGetProperty("overlay", out _), "overlays are made on request");
            }
        }
    }

    [TestMethod]
    public async Task SixteenRequestsAtOnceAreAnsweredAsEachAlone()
    {
        await using RunningService service = await RunningService.StartAsync(settings => settings with { Engines = 3 });
        byte[][] images = [.. service.Paths.Select(File.ReadAllBytes)];
        Assert.HasCount(RunningService.Images, images);
        string[] alone = new string[images.Length];
        for (int image = 0; image < images.Length; image++)
        {
            alone[image] = await Answer(image);
        }

        Assert.HasCount(images.Length, alone.Distinct());
        for (int round = 0; round < 2; round++)
        {
            string[] together = await Task.WhenAll(Enumerable.Range(0, images.Length).Select(image => Task.Run(() => Answer(image))));
            CollectionAssert.AreEqual(alone, together);
        }

        async Task<string> Answer(int image)
        {
            using HttpResponseMessage response = await service.PostAsync(images[image], [], overlays: true);
            Assert.AreEqual(HttpStatusCode.OK, response.StatusCode, await response.Content.ReadAsStringAsync());
            return await response.Content.ReadAsStringAsync();
        }
    }

    [TestMethod]
    public async Task WhatIsWrongIsSaidAsProblemDetails()
    {
        await using RunningService service = await RunningService.StartAsync(settings =>
            settings with
            {
                MaximumBytes = 200_000,
                MaximumPixels = 100_000,
            }
        );
        byte[] image = await File.ReadAllBytesAsync(service.Paths[0]);
        Assert.IsLessThan(200_000, image.Length);
        await Expect(HttpStatusCode.UnsupportedMediaType, "multipart/form-data", new StringContent("no form"));
        await Expect(HttpStatusCode.BadRequest, "no file named 'image'", RunningService.Form(null, Words));
        await Expect(HttpStatusCode.BadRequest, "'wheel'", RunningService.Form(image, ["beak", "wheel"]));
        await Expect(HttpStatusCode.UnprocessableEntity, "cannot be read", RunningService.Form([1, 2, 3, 4], Words));
        await Expect(HttpStatusCode.RequestEntityTooLarge, "0.2 MB", RunningService.Form(new byte[200_001], Words));
        await Expect(HttpStatusCode.RequestEntityTooLarge, "0.2 MB", RunningService.Form(new byte[400_000], Words));
        MultipartContent broken = new("form-data", "boundary");
        broken.Headers.ContentType!.Parameters.Clear();
        await Expect(HttpStatusCode.BadRequest, "form", broken);

        // A small file can hold a huge image.
        using var flat = MLImage.CreateFromPixels(400, 300, MLPixelFormat.Bgra32, new byte[400 * 300 * 4]);
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "flat.png");
        flat.Save(path);
        await Expect(HttpStatusCode.UnprocessableEntity, "pixels", RunningService.Form(await File.ReadAllBytesAsync(path), Words));

        using HttpResponseMessage missing = await service.Client.GetAsync("/nowhere");
        Assert.AreEqual(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.AreEqual("application/problem+json", missing.Content.Headers.ContentType?.MediaType);
        using HttpResponseMessage fine = await service.PostAsync(image, Words);
        Assert.AreEqual(HttpStatusCode.OK, fine.StatusCode, "the service goes on");

        async Task Expect(HttpStatusCode status, string part, HttpContent content)
        {
            using (content)
            {
                using HttpResponseMessage response = await service.Client.PostAsync("/api/ground", content);
                string text = await response.Content.ReadAsStringAsync();
                Assert.AreEqual(status, response.StatusCode, text);
                Assert.AreEqual("application/problem+json", response.Content.Headers.ContentType?.MediaType);
                Assert.Contains(part, JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString()!);
            }
        }
    }

    [TestMethod]
    public async Task HealthIsToldAndThePageForbidsOtherHosts()
    {
        await using RunningService service = await RunningService.StartAsync();
        JsonElement health = await service.Client.GetFromJsonAsync<JsonElement>("/health");
        Assert.AreEqual("healthy", health.GetProperty("status").GetString());
        Assert.AreEqual(2, health.GetProperty("engines").GetInt32());
        using HttpResponseMessage page = await service.Client.GetAsync("/");
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single());
        string html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain("https://", html);
    }

    [TestMethod]
    public async Task ASavedPipelineIsServedWithItsPredictions()
    {
        using TemporaryFolder folder = new();
        string birds = SampleBirds.Write(
            Path.Combine(folder.Path, "birds"),
            new SampleBirdsOptions { Seeds = SampleSeeds.Classifier, Count = 24 }
        );
        MLContext context = new(seed: 1);
        IDataView rows = context.Data.LoadCub(birds);
        string file = Path.Combine(folder.Path, "species.zip");
        using (
            TransformerChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> model = context
                .Transforms.GroundingFeatures(SampleLlava.Directory, Words, "bird")
                .Append(context.Transforms.Conversion.MapValueToKey("Label", "Species"))
                .Append(context.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 10))
                .Fit(rows)
        )
        {
            context.Model.SaveGrounding(model, rows.Schema, file);
        }

        await using RunningService service = await RunningService.StartAsync(settings => settings with { Pipeline = file });
        using HttpResponseMessage response = await service.PostAsync(await File.ReadAllBytesAsync(service.Paths[0]), []);
        string text = await response.Content.ReadAsStringAsync();
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode, text);
        JsonElement answer = JsonDocument.Parse(text).RootElement;
        string label = answer.GetProperty("label").GetString()!;
        Dictionary<string, float> scores = answer.GetProperty("scores").Deserialize<Dictionary<string, float>>()!;
        CollectionAssert.AreEquivalent(rows.GetColumn<string>("Species").Distinct().ToArray(), scores.Keys.ToArray());
        Assert.AreEqual(scores.Values.Max(), scores[label]);
        Assert.HasCount(2, answer.GetProperty("words").EnumerateArray());
    }

    [TestMethod]
    public async Task PoolsAreRegisteredByKeyAndGoWithTheServices()
    {
        TransformerOfTheSample first = new(["beak"]);
        TransformerOfTheSample second = new(["tail", "wing"]);
        ServiceCollection services = new();
        services.AddGroundingEngine((_, context) => first.Fit(context), options => options.ServiceKey = "beaks");
        services.AddGroundingEngine((_, context) => second.Fit(context), options => (options.ServiceKey, options.Engines) = ("others", 1));
        GroundingEnginePool beaks;
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            beaks = provider.GetRequiredKeyedService<GroundingEnginePool>("beaks");
            GroundingEnginePool others = provider.GetRequiredKeyedService<GroundingEnginePool>("others");
            Assert.AreSame(beaks, provider.GetRequiredKeyedService<GroundingEnginePool>("beaks"));
            CollectionAssert.AreEqual(new[] { "beak" }, beaks.QueryNames.ToArray());
            CollectionAssert.AreEqual(new[] { "tail", "wing" }, others.QueryNames.ToArray());
            Assert.AreEqual((2, 1), (beaks.Engines, others.Engines));
            Assert.IsNull(provider.GetService<GroundingEnginePool>());
        }

        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(async () => await beaks.RentAsync());
        Assert.ThrowsExactly<ObjectDisposedException>(() => first.Fitted!.GetOutputSchema(first.Schema!), "the model goes too");
    }

    [TestMethod]
    public void AServiceOfNoEnginesAndAModelWithoutMapsAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            new ServiceCollection().AddGroundingEngine("model.zip", options => options.Engines = 0)
        );
        using ServiceProvider provider = new ServiceCollection()
            .AddGroundingEngine(
                (_, context) => context.Transforms.CopyColumns("Other", "Image").Fit(TransformerOfTheSample.NoRows(context))
            )
            .BuildServiceProvider();
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            provider.GetRequiredService<GroundingEnginePool>()
        );
        StringAssert.Contains(error.Message, "'GroundingMaps'");
    }
}
