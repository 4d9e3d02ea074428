namespace MLNetGrounding.Report;

[TestClass]
public sealed class MapBytesTests
{
    [TestMethod]
    [DataRow(0.05)]
    [DataRow(0.3)]
    [DataRow(0.501)]
    [DataRow(1.0)]
    public void TheRegionOfTheBytesIsTheRegionOfTheMap(double threshold)
    {
        var random = new Random(3);
        bool[] region;
        byte[] bytes = new byte[400];
        for (int round = 0; round < 50; round++)
        {
            // Values close to the border on both sides, beside any others.
            float[] map =
            [
                0,
                1,
                .. Enumerable
                    .Range(0, 398)
                    .Select(cell =>
                        cell % 2 == 0 ? random.NextSingle() : (float)Math.Clamp(threshold + ((random.NextDouble() - 0.5) * 0.01), 0, 1)
                    ),
            ];

            region = [.. map.Select(value => value >= threshold)];
            MapBytes.Write(map, threshold, bytes);

            for (int cell = 0; cell < map.Length; cell++)
            {
                Assert.AreEqual(region[cell], bytes[cell] >= MapBytes.RegionByte(threshold), $"{map[cell]}");
                Assert.AreEqual(map[cell], bytes[cell] / 255.0, 1.0 / 255, $"{map[cell]}");
            }
        }
    }

    [TestMethod]
    public void AMapIsScaledBetweenItsMinimumAndMaximum()
    {
        byte[] bytes = MapBytes.Of([2, 4, 3, 2, 7, 7, 7, 7], cells: 4);

        CollectionAssert.AreEqual((byte[])[0, 255, 128, 0, 0, 0, 0, 0], bytes);
    }
}
