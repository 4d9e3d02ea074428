namespace MLNetGrounding.Comparison;

[TestClass]
public sealed class FaithfulnessMeasurementTests
{
    [TestMethod]
    public void SettingsTellWhatNumbersDependOn()
    {
        using var model = VisionLanguageModel.Load(SampleLlava.Directory);
        FaithfulnessScoring plain = new() { Model = model };
        AnswerOptions drawn = plain.Answering with { Sampling = new AnswerSampling { Temperature = 0.5 } };
        AttentionAmplification look = new() { Bias = 2, Box = new ImageBox(1, 2, 3, 4) };
        FaithfulnessScoring[] all =
        [
            plain,
            plain with
            {
                Question = "Which color is the {word}?",
            },
            plain with
            {
                Curves = new FaithfulnessOptions { Steps = 3 },
            },
            plain with
            {
                Capture = new CaptureOptions { Fit = ImageFit.Crop },
            },
            .. new[]
            {
                plain.Answering with
                {
                    MaximumTokens = 2,
                },
                plain.Answering with
                {
                    StopTokenIds = [5],
                },
                plain.Answering with
                {
                    StopTokenIds = [6],
                },
                drawn,
                drawn with
                {
                    Seed = 2,
                },
            }.Select(answering => plain with { Answering = answering }),
            .. new[]
            {
                look,
                look with
                {
                    Bias = 1.5,
                },
                look with
                {
                    Box = new ImageBox(1, 2, 3, 5),
                },
                look with
                {
                    Heads = [new AttentionHead(1, 2)],
                },
                look with
                {
                    FirstLayerDepth = 0,
                },
            }.Select(amplified => plain with { Capture = new CaptureOptions { Amplification = amplified } }),
        ];
        CollectionAssert.AllItemsAreUnique(all.Select(scoring => Of(scoring, "wing")).Append(Of(plain, "beak")).ToArray());
        Assert.AreEqual(Of(plain, "wing"), Of(plain with { Curves = plain.Curves with { ImagesAtATime = 2 } }, "wing"));

        string Of(FaithfulnessScoring scoring, string word) =>
            new FaithfulnessMeasurement(scoring, [word], model.Info.Grid, CancellationToken.None).Settings;
    }
}
