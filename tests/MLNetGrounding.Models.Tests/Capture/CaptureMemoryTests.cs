using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Capture;

[TestClass]
public sealed class CaptureMemoryTests
{
    [TestMethod]
    public void ArraysThatAreUsedAgainChangeNothing()
    {
        using var model = VisionLanguageModel.Load(GoldenData.TinyA.Checkpoint);
        GoldenPrompt golden = GoldenData.TinyA.Prompt;
        PreparedPrompt prompt = model.Prepare(GoldenQueries.All(golden), GoldenQueries.Options(golden));
        CaptureMemory memory = new();
        AttentionCapture Again(PreparedPrompt asked, string name) =>
            model.CapturePreprocessed(
                model.Preprocess(Pictures.Decode(GoldenData.TinyA.Image(name)), asked),
                asked,
                CancellationToken.None,
                memory
            );

        AttentionCapture first = Again(prompt, "img1_pad");
        Poison(first);
        AttentionCapture second = Again(prompt, "img0_pad");
        Assert.AreSame(first.FineAttention, second.FineAttention);
        Assert.AreSame(first.CoarseFlow, second.CoarseFlow);
        TinyACapture.AssertEqual(model.Capture(Pictures.Decode(GoldenData.TinyA.Image("img0_pad")), prompt), second);

        // No head passes: the layers' flow is zero, whatever was there before.
        PreparedPrompt nothingKept = model.Prepare(
            GoldenQueries.All(golden),
            GoldenQueries.Options(golden) with
            {
                Flow = new() { HeadSelection = new() { EntropyThreshold = 0 } },
            }
        );
        Poison(second);
        Assert.IsTrue(Array.TrueForAll(Again(nothingKept, "img0_pad").CoarseFlow, value => value == 0));
    }

    [TestMethod]
    public void ArraysOfAnotherSizeAreMadeAnew()
    {
        CaptureMemory memory = new();
        memory.Begin();
        float[] four = memory.Take(4);
        float[] otherFour = memory.Take(4);
        Assert.AreNotSame(four, otherFour);
        memory.Begin();
        Assert.HasCount(5, memory.Take(5));
        Assert.AreSame(four, memory.Take(4));
        memory.Begin();
        Assert.AreNotSame(otherFour, memory.Take(4), "an array that a capture did without is let go");
    }

    private static void Poison(AttentionCapture capture)
    {
        foreach (float[] values in new[] { capture.FineAttention, capture.CoarseAttention, capture.CoarseFlow, capture.FlowRowSums })
        {
            Array.Fill(values, float.NaN);
        }
    }
}
