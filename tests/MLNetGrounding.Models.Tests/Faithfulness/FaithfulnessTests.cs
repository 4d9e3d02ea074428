using MLNetGrounding.Maths.Faithfulness;
using MLNetGrounding.Models.Generation;

namespace MLNetGrounding.Models.Faithfulness;

[TestClass]
public sealed class FaithfulnessTests
{
    private static readonly RgbImage Image = RandomModel.Image;

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaultsAndNames()
    {
        FaithfulnessOptions options = new();
        Assert.AreEqual(64, options.Steps);
        Assert.AreEqual(4, options.ImagesAtATime);
        Assert.IsFalse(options.ByCells);
        Assert.AreEqual(FaithfulnessBaseline.Black, options.Baseline);
        Assert.AreEqual("64 steps of pixels, hidden ones black", options.ToString());
        Assert.AreEqual(
            "whole cells, hidden ones of the image's mean color",
            (options with { ByCells = true, Baseline = FaithfulnessBaseline.MeanColor }).ToString()
        );
    }

    [TestMethod]
    public void CurvesAreThoseOfEachImageScoredAlone()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        int[] answer = [5, 7, RandomModel.ImageTokenId];
        float[] map = [.. Enumerable.Range(0, 16).Select(cell => (float)(cell * 7 % 16))];
        FaithfulnessOptions options = new() { Steps = 4, ImagesAtATime = 3 };
        List<double> progress = [];
        FaithfulnessCurves curves = model.Model.MeasureFaithfulness(
            Image,
            prompt,
            2,
            answer,
            [map],
            options,
            new Synchronous(progress.Add)
        )[0];
        var steps = PixelSteps.Descending(MapEnlargement.Bilinear(map, model.Model.Place(56, 56, prompt)), 4);
        for (int step = 0; step <= 4; step++)
        {
            Assert.AreEqual(Score(steps.After(step)), curves.Insertion[step], 1e-6);
            Assert.AreEqual(Score(steps.First(step)), curves.Deletion[step], 1e-6);
        }

        Assert.AreEqual(curves.Insertion[0], curves.Deletion[^1]);
        Assert.AreEqual(curves.Insertion[^1], curves.Deletion[0]);
        Assert.AreEqual(
            curves.Insertion.Zip(curves.Insertion.Skip(1), (left, right) => (left + right) / 8).Sum(),
            curves.InsertionArea,
            1e-12
        );
        Assert.AreEqual(curves.Insertion.Max(), curves.HighestInsertion);
        Assert.AreEqual(1, progress[^1]);
        CollectionAssert.AreEqual(progress.Order().ToArray(), progress);
        Assert.IsGreaterThan(1, curves.Deletion.Distinct().Count());

        // Hides some pixels; the score is the mean of the probabilities of teacher-forced tokens.
        double Score(ReadOnlySpan<int> hidden)
        {
            byte[] pixels = Image.Pixels.ToArray();
            foreach (int pixel in hidden)
            {
                pixels.AsSpan(3 * pixel, 3).Clear();
            }

            AnswerOptions forced = new() { MaximumTokens = answer.Length, Processors = [new Forced(answer)] };
            return model
                .Model.Answer(new RgbImage(56, 56, pixels), prompt, forced)
                .Answers[2]
                .Tokens.Average(token => Math.Exp(token.LogProbability));
        }
    }

    [TestMethod]
    public void SeveralMapsShareTheEndsAndCellsAreSteps()
    {
        List<int> calls = [];
        FaithfulnessMeter meter = new(
            Image,
            images =>
            {
                calls.Add(images.Count);
                return [.. images.Select(Shown)];
            },
            new FaithfulnessOptions { ByCells = true, ImagesAtATime = 7 }
        );
        var geometry = ImageGeometry.Create(ImageFit.Stretch, 56, 56, 4, 4, new MapGrid(4, 4), 1, 1);
        float[] rising = [.. Enumerable.Range(0, 16).Select(cell => (float)cell)];
        PixelSteps[] orders = [meter.StepsOf(rising, geometry), meter.StepsOf([.. rising.Reverse()], geometry)];
        IReadOnlyList<FaithfulnessCurves> curves = meter.Measure(orders, progress: null, CancellationToken.None);
        Assert.AreEqual(2 + (2 * 2 * 15), calls.Sum());
        Assert.HasCount(17, curves[0].Insertion);

        // The score is the share of pixels that are not black, so that insertion rises along the diagonal.
        for (int step = 0; step <= 16; step++)
        {
            Assert.AreEqual(curves[0].Shares[step] * Shown(Image), curves[0].Insertion[step], 0.02);
            Assert.AreEqual((1 - curves[1].Shares[step]) * Shown(Image), curves[1].Deletion[step], 0.02);
        }

        static double Shown(RgbImage image)
        {
            byte[] pixels = image.Pixels.ToArray();
            return pixels.Chunk(3).Count(pixel => pixel.Any(level => level > 0)) / (double)(pixels.Length / 3);
        }
    }

    [TestMethod]
    public void TheMeanColorHidesWithoutALeftOver()
    {
        byte[] pixels = [10, 20, 30, 20, 40, 60, 30, 60, 90, 40, 80, 120];
        List<byte[]> seen = [];
        FaithfulnessMeter meter = new(
            new RgbImage(2, 2, pixels),
            images =>
            {
                seen.AddRange(images.Select(image => image.Pixels.ToArray()));
                return [.. images.Select(_ => 0.0)];
            },
            new FaithfulnessOptions { Baseline = FaithfulnessBaseline.MeanColor, Steps = 2 }
        );
        meter.Measure([PixelSteps.Descending([0, 3, 1, 2], 2)], progress: null, CancellationToken.None);
        CollectionAssert.AreEqual(pixels, seen[0]);
        CollectionAssert.AreEqual(new byte[] { 25, 50, 75, 25, 50, 75, 25, 50, 75, 25, 50, 75 }, seen[1]);
        CollectionAssert.AreEqual(new byte[] { 25, 50, 75, 20, 40, 60, 25, 50, 75, 40, 80, 120 }, seen[2]);
        CollectionAssert.AreEqual(new byte[] { 10, 20, 30, 25, 50, 75, 30, 60, 90, 25, 50, 75 }, seen[3]);
    }

    [TestMethod]
    public void WhatCannotBeIsRefused()
    {
        using RandomModel model = new();
        PreparedPrompt prompt = model.Prompt();
        float[] map = new float[16];
        Assert.ThrowsExactly<ArgumentException>(() => model.Model.MeasureFaithfulness(Image, prompt, 0, [], [map]));
        Assert.ThrowsExactly<ArgumentException>(() =>
            model.Model.MeasureFaithfulness(Image, prompt, 0, [RandomModel.VocabularySize], [map])
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Model.MeasureFaithfulness(Image, prompt, 4, [1], [map]));
        Assert.ThrowsExactly<ArgumentException>(() => model.Model.MeasureFaithfulness(Image, prompt, 0, [1], [new float[15]]));
        Assert.ThrowsExactly<ArgumentException>(() =>
            model.Model.MeasureFaithfulness(
                Image,
                prompt,
                0,
                [1],
                [
                    [.. map.Select(_ => float.NaN)],
                ]
            )
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            model.Model.MeasureFaithfulness(Image, prompt, 0, [1], [map], new FaithfulnessOptions { Steps = 0 })
        );
        using CancellationTokenSource canceling = new();
        canceling.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            model.Model.MeasureFaithfulness(Image, prompt, 0, [1], [map], cancellationToken: canceling.Token)
        );
    }

    private sealed class Synchronous(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }

    private sealed class Forced(int[] tokens) : ILogitsProcessor
    {
        public void Process(Span<float> logits, AnswerContext context)
        {
            float kept = logits[tokens[context.AnswerTokenIds.Count]];
            logits.Fill(float.NegativeInfinity);
            logits[tokens[context.AnswerTokenIds.Count]] = kept;
        }
    }
}
