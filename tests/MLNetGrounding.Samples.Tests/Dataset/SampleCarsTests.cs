using System.Text.Json;
using SkiaSharp;

namespace MLNetGrounding.Samples.Dataset;

[TestClass]
public sealed class SampleCarsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void CarsAreWrittenWithTheirAnnotations()
    {
        string root = Path.Combine(_folder, "cars");
        IReadOnlyList<SampleCar> cars = SampleCars.Write(root, new SampleCarsOptions { Count = 3 });
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "annotations.json")));
        JsonElement category = file.RootElement.GetProperty("categories")[0];
        Assert.AreEqual("car", category.GetProperty("name").GetString());
        CollectionAssert.AreEqual(
            SampleCars.KeyPointNames.ToArray(),
            category.GetProperty("keypoints").EnumerateArray().Select(name => name.GetString()).ToArray()
        );
        Assert.HasCount(3, cars);
        for (int index = 0; index < cars.Count; index++)
        {
            SampleCar car = cars[index];
            JsonElement image = file.RootElement.GetProperty("images")[index];
            JsonElement annotation = file.RootElement.GetProperty("annotations")[index];
            using var decoded = SKBitmap.Decode(car.ImagePath);
            Assert.AreEqual(car.ImagePath, Path.Combine(root, image.GetProperty("file_name").GetString()!));
            Assert.AreEqual(decoded.Width, image.GetProperty("width").GetInt32());
            Assert.AreEqual(decoded.Height, image.GetProperty("height").GetInt32());
            float[] points = [.. annotation.GetProperty("keypoints").EnumerateArray().Select(number => number.GetSingle())];
            CollectionAssert.AreEqual(points.Chunk(3).SelectMany(point => point[..2]).ToArray(), car.KeyPoints);
            CollectionAssert.AreEqual(points.Chunk(3).Select(point => point[2] / 2).ToArray(), car.KeyPointVisible);
            CollectionAssert.AreEqual(
                annotation.GetProperty("bbox").EnumerateArray().Select(number => number.GetSingle()).ToArray(),
                car.BoundingBox
            );
            Assert.HasCount(SampleCars.KeyPointNames.Count * 4, car.KeyPointBoxes);
            Assert.HasCount(SampleCars.Words.Count, car.Colors);
        }
    }

    [TestMethod]
    public void EveryKeyPointCountsForOneWord()
    {
        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, SampleCars.KeyPointNames.Count).ToArray(),
            SampleCars.Words.SelectMany(word => SampleCars.KeyPointTable[word]).ToArray()
        );
        foreach ((string word, IReadOnlyList<int> points) in SampleCars.KeyPointTable)
        {
            Assert.IsTrue(points.All(point => SampleCars.KeyPointNames[point].EndsWith(word, StringComparison.Ordinal)), word);
        }
    }

    [TestMethod]
    public void AFolderThatHoldsSomethingAndWrongOptionsAreRefused()
    {
        File.WriteAllText(Path.Combine(_folder, "mine.txt"), "mine");
        Assert.Contains("cars", Assert.ThrowsExactly<IOException>(() => SampleCars.Write(_folder)).Message);
        string root = Path.Combine(_folder, "new");
        foreach (
            SampleCarsOptions options in (SampleCarsOptions[])
                [new() { Count = 0 }, new() { MinimumSize = 10 }, new() { MaximumSize = 100 }, new() { Difficulty = 2 }]
        )
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SampleCars.Write(root, options));
        }

        Assert.IsFalse(Directory.Exists(root));
    }
}
