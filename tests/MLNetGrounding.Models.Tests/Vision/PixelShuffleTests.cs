using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Vision;

[TestClass]
public sealed class PixelShuffleTests
{
    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public void ACellIsItsPatchesRowByRow(int factor)
    {
        const int views = 2;
        const int width = 3;
        const int side = 6;
        using DisposeScope scope = NewDisposeScope();
        float[] patches = [.. Enumerable.Range(0, views * side * side * width).Select(index => (float)index)];
        float[] cells = PixelShuffle.Apply(tensor(patches, [views, side * side, width]), factor).ToFloats();
        int small = side / factor;
        int at = 0;
        for (int view = 0; view < views; view++)
        {
            for (int cell = 0; cell < small * small; cell++)
            {
                for (int part = 0; part < factor * factor * width; part++)
                {
                    int y = (cell / small * factor) + (part / width / factor);
                    int x = (cell % small * factor) + (part / width % factor);
                    Assert.AreEqual(patches[((((view * side) + y) * side) + x) * width + (part % width)], cells[at++]);
                }
            }
        }
    }

    [TestMethod]
    public void ViewsInGroupsGiveWhatTheyGiveAtOnce()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pixels = arange(10 * 4, ScalarType.Float32).view(10, 4);
        List<long> sizes = [];
        Tensor result = ViewGroups.Run(
            pixels,
            tokensOfView: 1300,
            views =>
            {
                sizes.Add(views.shape[0]);
                return views.Times(2);
            }
        );
        CollectionAssert.AreEqual(pixels.Times(2).ToFloats(), result.ToFloats());
        CollectionAssert.AreEqual(new long[] { 3, 3, 3, 1 }, sizes);
    }
}
