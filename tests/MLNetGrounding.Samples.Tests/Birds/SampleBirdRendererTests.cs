using System.Security.Cryptography;
using MLNetGrounding.Samples.Drawing;
using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Birds;

[TestClass]
public sealed class SampleBirdRendererTests
{
    private const int Birds = 150;

    private static readonly IReadOnlyList<SampleBird> Drawn = Draw();

    [TestMethod]
    [DataRow(1UL, "291B664F3FC7F3D4")]
    [DataRow(1_000_000UL, "7067A0A482C5E364")]
    [DataRow(3_000_007UL, "44CBF4357039B9EA")]
    public void PixelsOfASeedNeverChange(ulong seed, string expected)
    {
        using var renderer = new SampleBirdRenderer();
        SampleBird bird = renderer.Render(seed);
        string hash = Convert.ToHexString(SHA256.HashData([.. bird.Rgb, .. bird.PartLabels]))[..16];
        Assert.AreEqual(expected, hash);
    }

    [TestMethod]
    public void WhatARendererDrewBeforeDoesNotMatter()
    {
        using var used = new SampleBirdRenderer();
        used.Render(11, new SampleBirdOptions { Width = 300, Height = 224 });
        used.Render(12);
        using var fresh = new SampleBirdRenderer();
        foreach (ulong seed in (ulong[])[13, 14, 15])
        {
            SampleBird first = used.Render(seed);
            SampleBird second = fresh.Render(seed);
            CollectionAssert.AreEqual(first.Rgb, second.Rgb);
            CollectionAssert.AreEqual(first.PartLabels, second.PartLabels);
            CollectionAssert.AreEqual(first.KeyPoints.ToArray(), second.KeyPoints.ToArray());
        }
    }

    [TestMethod]
    public void SeedsDrawDifferentBirds() =>
        Assert.HasCount(Birds, Drawn.Select(bird => Convert.ToHexString(SHA256.HashData(bird.Rgb))).Distinct());

    [TestMethod]
    public void VisibleKeyPointsLieOnTheirPart()
    {
        int visible = 0;
        foreach (SampleBird bird in Drawn)
        {
            for (int index = 0; index < bird.KeyPoints.Count; index++)
            {
                SampleKeyPoint point = bird.KeyPoints[index];
                if (!point.Visible)
                {
                    Assert.AreEqual(default, point);
                    continue;
                }

                visible++;
                BirdRegion region = BirdAnatomy.RegionOf((BirdKeyPoint)index, bird.FacingLeft)!.Value;
                Assert.AreEqual(
                    (int)BirdAnatomy.PartOf(region) + 1,
                    bird.PartLabels[(point.Y * bird.Width) + point.X],
                    $"{BirdAnatomy.KeyPointNames[index]} of seed {bird.Seed}"
                );
            }
        }

        Assert.IsGreaterThan(Birds * 10, visible);
    }

    [TestMethod]
    public void SideViewShowsTheNearSideOnly()
    {
        foreach (SampleBird bird in Drawn)
        {
            Assert.IsFalse(bird.KeyPoints[(int)(bird.FacingLeft ? BirdKeyPoint.RightEye : BirdKeyPoint.LeftEye)].Visible);
            Assert.IsFalse(bird.KeyPoints[(int)(bird.FacingLeft ? BirdKeyPoint.RightWing : BirdKeyPoint.LeftWing)].Visible);
        }

        Assert.IsTrue(Drawn.Any(bird => bird.FacingLeft) && Drawn.Any(bird => !bird.FacingLeft));
        Assert.IsTrue(Drawn.Any(bird => bird.KeyPoints[(int)BirdKeyPoint.LeftEye].Visible));
    }

    [TestMethod]
    public void BeakPointsWhereTheBirdFaces()
    {
        foreach (SampleBird bird in Drawn)
        {
            SampleKeyPoint beak = bird.KeyPoints[(int)BirdKeyPoint.Beak];
            SampleKeyPoint tail = bird.KeyPoints[(int)BirdKeyPoint.Tail];
            if (beak.Visible && tail.Visible)
            {
                Assert.AreEqual(bird.FacingLeft, beak.X < tail.X, $"seed {bird.Seed}");
            }
        }
    }

    [TestMethod]
    public void BoxIsTheExtentOfTheBirdsPixels()
    {
        foreach (SampleBird bird in Drawn)
        {
            int[] pixels = [.. Enumerable.Range(0, bird.PartLabels.Length).Where(pixel => bird.PartLabels[pixel] != 0)];
            int left = pixels.Min(pixel => pixel % bird.Width);
            int right = pixels.Max(pixel => pixel % bird.Width);
            int top = pixels.Min(pixel => pixel / bird.Width);
            int bottom = pixels.Max(pixel => pixel / bird.Width);
            Assert.AreEqual(new SampleBox(left, top, right - left + 1, bottom - top + 1), bird.BoundingBox);
        }
    }

    [TestMethod]
    public void PartsShowTheirColor()
    {
        foreach (SampleBird bird in Drawn)
        {
            foreach (SamplePart part in bird.Parts.Where(part => part.Visible))
            {
                (int red, int green, int blue) = MedianColor(bird, part.Index);
                Assert.AreEqual(
                    part.Color,
                    PartPalette.Nearest(red, green, blue),
                    $"{part.Name} of seed {bird.Seed}: {red} {green} {blue}"
                );
            }
        }
    }

    [TestMethod]
    public void CountsAreThoseOfTheLabels()
    {
        foreach (SampleBird bird in Drawn)
        {
            foreach (SamplePart part in bird.Parts)
            {
                Assert.AreEqual(bird.PartLabels.Count(label => label == part.Index + 1), part.VisiblePixels);
                Assert.IsGreaterThanOrEqualTo(part.VisiblePixels, part.FullPixels);
                Assert.AreEqual(VisibilityRule.IsVisible(part.VisiblePixels, part.FullPixels), part.Visible);
            }
        }
    }

    [TestMethod]
    public void OccludersAndTheBorderHideParts()
    {
        SampleBird[] hidden = [.. Drawn.Where(bird => bird.Parts.Any(part => !part.Visible))];
        Assert.IsGreaterThan(Birds / 20, hidden.Length);
        Assert.IsLessThan(Birds / 2, hidden.Length);

        // A bird away from the border that lost pixels lost them to an occluder; one that touches it was cut.
        Assert.IsTrue(hidden.Any(bird => !TouchesBorder(bird)), "No part is hidden by an occluder.");
        Assert.IsTrue(
            Drawn.Any(bird => TouchesBorder(bird) && bird.Parts.Any(part => part.VisiblePixels == 0 && part.FullPixels > 50)),
            "No part is cut off."
        );
    }

    [TestMethod]
    public void EasyBirdsShowEveryPart()
    {
        using var renderer = new SampleBirdRenderer();
        for (ulong seed = 500; seed < 560; seed++)
        {
            SampleBird bird = renderer.Render(seed, new SampleBirdOptions { Difficulty = 0 });
            Assert.IsTrue(bird.Parts.All(part => part.Visible && part.VisiblePixels == part.FullPixels), $"seed {seed}");
            Assert.AreEqual(13, bird.KeyPoints.Count(point => point.Visible), $"seed {seed}");
        }
    }

    [TestMethod]
    public void PartsAreLargeEnoughToReadInTheModelsImage()
    {
        foreach (SampleBird bird in Drawn)
        {
            foreach (SamplePart part in bird.Parts)
            {
                Assert.IsGreaterThanOrEqualTo(64, part.FullPixels, $"{part.Name} of seed {bird.Seed}");
            }
        }
    }

    [TestMethod]
    public void ColorsAreIndependentOfPartAndPose()
    {
        using var renderer = new SampleBirdRenderer();
        PartColor[] white = [.. Enumerable.Repeat(PartColor.White, BirdAnatomy.PartCount)];
        SampleBird free = renderer.Render(77);
        SampleBird painted = renderer.Render(77, new SampleBirdOptions { Colors = white });
        CollectionAssert.AreEqual(free.PartLabels, painted.PartLabels);
        Assert.IsTrue(painted.Parts.All(part => part.ColorName == "white"));

        int[] counts = new int[PartPalette.Count];
        foreach (SamplePart part in Drawn.SelectMany(bird => bird.Parts))
        {
            counts[(int)part.Color]++;
        }

        // 1,500 parts, 187.5 to a color, standard deviation 12.8.
        Assert.IsTrue(counts.All(count => Math.Abs(count - 187.5) < 64), string.Join(", ", counts));
    }

    [TestMethod]
    public void SpeciesFixesColorsAndForm()
    {
        using var renderer = new SampleBirdRenderer();
        BirdSpecies species = SpeciesTable.All[5];
        SampleBird bird = renderer.Render(
            9,
            new SampleBirdOptions
            {
                Species = species,
                Width = 300,
                Height = 230,
            }
        );
        Assert.AreEqual(5, bird.SpeciesIndex);
        Assert.AreEqual(species.Shape, bird.Shape);
        CollectionAssert.AreEqual(species.Colors.ToArray(), bird.Parts.Select(part => part.Color).ToArray());
        Assert.HasCount(300 * 230 * 3, bird.Rgb);
    }

    private static SampleBird[] Draw()
    {
        using var renderer = new SampleBirdRenderer();
        return [.. Enumerable.Range(0, Birds).Select(index => renderer.Render(90_000 + (ulong)index))];
    }

    private static bool TouchesBorder(SampleBird bird) =>
        bird.BoundingBox.X == 0
        || bird.BoundingBox.Y == 0
        || bird.BoundingBox.X + bird.BoundingBox.Width == bird.Width
        || bird.BoundingBox.Y + bird.BoundingBox.Height == bird.Height;

    private static (int Red, int Green, int Blue) MedianColor(SampleBird bird, int part)
    {
        int[] pixels = [.. Enumerable.Range(0, bird.PartLabels.Length).Where(pixel => bird.PartLabels[pixel] == part + 1)];
        return (Median(0), Median(1), Median(2));

        int Median(int channel) => pixels.Select(pixel => (int)bird.Rgb[(pixel * 3) + channel]).Order().ElementAt(pixels.Length / 2);
    }
}
