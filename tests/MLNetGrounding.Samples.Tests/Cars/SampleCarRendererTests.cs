using System.Security.Cryptography;
using MLNetGrounding.Samples.Drawing;
using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Cars;

[TestClass]
public sealed class SampleCarRendererTests
{
    private const int Cars = 120;

    private static readonly IReadOnlyList<DrawnCar> Drawn = Draw();

    [TestMethod]
    public void WhatARendererDrewBeforeDoesNotMatter()
    {
        using SampleCarRenderer used = new();
        used.Render(11, new SampleCarOptions { Width = 300, Height = 224 });
        using SampleCarRenderer fresh = new();
        foreach (ulong seed in (ulong[])[13, 14, 15])
        {
            DrawnCar first = used.Render(seed);
            DrawnCar second = fresh.Render(seed);
            CollectionAssert.AreEqual(first.Rgb, second.Rgb);
            CollectionAssert.AreEqual(first.PartLabels, second.PartLabels);
            CollectionAssert.AreEqual(first.KeyPoints.ToArray(), second.KeyPoints.ToArray());
        }
    }

    [TestMethod]
    public void SeedsDrawDifferentCarsOfEveryStyle()
    {
        Assert.HasCount(Cars, Drawn.Select(car => Convert.ToHexString(SHA256.HashData(car.Rgb))).Distinct());
        Assert.HasCount(Enum.GetValues<CarStyle>().Length, Drawn.Select(car => car.Shape.Style).Distinct());
        Assert.IsTrue(Drawn.Any(car => car.FacingLeft) && Drawn.Any(car => !car.FacingLeft));
    }

    [TestMethod]
    public void VisibleKeyPointsLieOnTheirPartAndInTheirBox()
    {
        int visible = 0;
        foreach (DrawnCar car in Drawn)
        {
            foreach (CarRegion region in Enum.GetValues<CarRegion>())
            {
                SampleKeyPoint point = car.KeyPoints[(int)region];
                if (!point.Visible)
                {
                    Assert.AreEqual(default, point);
                    continue;
                }

                visible++;
                SampleBox box = car.RegionBoxes[(int)region];
                Assert.AreEqual(
                    (int)CarAnatomy.PartOf(region) + 1,
                    car.PartLabels[(point.Y * car.Width) + point.X],
                    $"{region} of {car.Seed}"
                );
                Assert.IsTrue(point.X >= box.X && point.X < box.X + box.Width && point.Y >= box.Y && point.Y < box.Y + box.Height);
            }
        }

        Assert.IsGreaterThan(Cars * 10, visible);
    }

    [TestMethod]
    public void BoxesCoverTheLabelsOfTheirParts()
    {
        foreach (DrawnCar car in Drawn)
        {
            foreach (SamplePart part in car.Parts.Where(part => part.VisiblePixels > 0))
            {
                int[] pixels = [.. Enumerable.Range(0, car.PartLabels.Length).Where(pixel => car.PartLabels[pixel] == part.Index + 1)];
                SampleBox[] boxes =
                [
                    .. Enum.GetValues<CarRegion>()
                        .Where(region => (int)CarAnatomy.PartOf(region) == part.Index)
                        .Select(region => car.RegionBoxes[(int)region])
                        .Where(box => box.Width > 0),
                ];
                Assert.HasCount(part.VisiblePixels, pixels);
                Assert.AreEqual(pixels.Min(pixel => pixel % car.Width), boxes.Min(box => box.X));
                Assert.AreEqual(pixels.Max(pixel => pixel % car.Width), boxes.Max(box => box.X + box.Width - 1));
                Assert.AreEqual(pixels.Min(pixel => pixel / car.Width), boxes.Min(box => box.Y));
                Assert.AreEqual(pixels.Max(pixel => pixel / car.Width), boxes.Max(box => box.Y + box.Height - 1));
            }
        }
    }

    [TestMethod]
    public void TheFrontIsWhereTheCarFaces()
    {
        foreach (DrawnCar car in Drawn)
        {
            SampleKeyPoint front = car.KeyPoints[(int)CarRegion.FrontWheel];
            SampleKeyPoint rear = car.KeyPoints[(int)CarRegion.RearWheel];
            if (front.Visible && rear.Visible)
            {
                Assert.AreEqual(car.FacingLeft, front.X < rear.X, $"seed {car.Seed}");
            }
        }
    }

    [TestMethod]
    public void MostPixelsOfPartsShowTheirColor()
    {
        int asked = 0;
        int right = 0;
        foreach (DrawnCar car in Drawn)
        {
            foreach (SamplePart part in car.Parts.Where(part => part.Visible))
            {
                int[] pixels = [.. Enumerable.Range(0, car.PartLabels.Length).Where(pixel => car.PartLabels[pixel] == part.Index + 1)];
                PartColor color = pixels
                    .CountBy(pixel => PartPalette.Nearest(car.Rgb[pixel * 3], car.Rgb[(pixel * 3) + 1], car.Rgb[(pixel * 3) + 2]))
                    .MaxBy(count => count.Value)
                    .Key;
                asked++;
                right += color == part.Color ? 1 : 0;
            }
        }

        // Outlines and spokes darken small parts.
        Assert.IsGreaterThan(0.97, right / (double)asked);
    }

    [TestMethod]
    public void EasyCarsShowEveryPartLargeEnoughToRead()
    {
        using SampleCarRenderer renderer = new();
        for (ulong seed = 500; seed < 560; seed++)
        {
            DrawnCar car = renderer.Render(seed, new SampleCarOptions { Difficulty = 0 });
            Assert.IsTrue(car.Parts.All(part => part.Visible && part.VisiblePixels == part.FullPixels), $"seed {seed}");
            Assert.IsTrue(car.Parts.All(part => part.FullPixels >= 64), $"seed {seed}");
        }
    }

    [TestMethod]
    public void OccludersAndTheBorderHideParts()
    {
        int hidden = Drawn.Count(car => car.Parts.Any(part => !part.Visible));
        Assert.IsGreaterThan(Cars / 20, hidden);
        Assert.IsLessThan(Cars / 2, hidden);
    }

    [TestMethod]
    public void ColorsAreIndependentOfTheDrawing()
    {
        using SampleCarRenderer renderer = new();
        PartColor[] white = [.. Enumerable.Repeat(PartColor.White, CarAnatomy.PartNames.Count)];
        DrawnCar free = renderer.Render(77);
        DrawnCar painted = renderer.Render(77, new SampleCarOptions { Colors = white });
        CollectionAssert.AreEqual(free.PartLabels, painted.PartLabels);
        Assert.IsTrue(painted.Parts.All(part => part.ColorName == "white"));
    }

    private static IReadOnlyList<DrawnCar> Draw()
    {
        using SampleCarRenderer renderer = new();
        return [.. Enumerable.Range(0, Cars).Select(seed => renderer.Render((ulong)seed))];
    }
}
