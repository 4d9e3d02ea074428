namespace MLNetGrounding.Maths.Faithfulness;

[TestClass]
public sealed class PixelStepsTests
{
    [TestMethod]
    public void PixelsComeFromTheLargestValueOnAndTheEarlierOfEqualOnesFirst()
    {
        var steps = PixelSteps.Descending([1, 3, 2, 3, -1, 2, 0, 5], 4);
        CollectionAssert.AreEqual(new[] { 7, 1 }, steps.First(1).ToArray());
        CollectionAssert.AreEqual(new[] { 7, 1, 3, 2 }, steps.First(2).ToArray());
        CollectionAssert.AreEqual(new[] { 5, 0, 6, 4 }, steps.After(2).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 0.25, 0.5, 0.75, 1 }, steps.Shares.ToArray());
    }

    [TestMethod]
    public void StepsAreRoundedDown()
    {
        // 10 pixels in 4 steps: 2.5, 5, 7.5.
        var steps = PixelSteps.Descending([.. Enumerable.Range(0, 10).Select(value => (float)-value)], 4);
        CollectionAssert.AreEqual(new[] { 0, 2, 5, 7, 10 }, Enumerable.Range(0, 5).Select(step => steps.First(step).Length).ToArray());
    }

    [TestMethod]
    public void AConstantMapIsReadInTheOrderOfPixels() =>
        CollectionAssert.AreEqual(new[] { 0, 1 }, PixelSteps.Descending([1, 1, 1, 1], 2).First(1).ToArray());

    [TestMethod]
    public void RegionsComeWholeAndWhatBelongsToNoneComesLast()
    {
        var steps = PixelSteps.OfRegions([2, 0, -1, 2, 0, 0], [0, 2]);
        CollectionAssert.AreEqual(new[] { 1, 4, 5 }, steps.First(1).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 3, 2 }, steps.After(1).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 0.5, 1 }, steps.Shares.ToArray());
    }

    [TestMethod]
    public void CellsAreThoseOfTheGeometry()
    {
        // Four pixels wide, of which a crop leaves the middle two.
        var geometry = ImageGeometry.Create(ImageFit.Crop, 4, 2, 2, 2, new MapGrid(1, 2), 1, 2);
        var steps = PixelSteps.OfCells([1, 2], geometry);
        CollectionAssert.AreEqual(new[] { 2, 6 }, steps.First(1).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 5, 0, 3, 4, 7 }, steps.After(1).ToArray());
    }

    [TestMethod]
    public void APixelThatTwoCellsShareIsOfThatOfItsTopLeftCorner()
    {
        // Three pixels over two cells, in both directions.
        var wide = PixelSteps.OfCells([1, 2], ImageGeometry.Create(ImageFit.Stretch, 3, 1, 2, 1, new MapGrid(1, 2), 1, 1));
        CollectionAssert.AreEqual(new[] { 2 }, wide.First(1).ToArray());
        var high = PixelSteps.OfCells([1, 2], ImageGeometry.Create(ImageFit.Stretch, 1, 3, 1, 2, new MapGrid(2, 1), 1, 1));
        CollectionAssert.AreEqual(new[] { 2 }, high.First(1).ToArray());
    }

    [TestMethod]
    public void AreasAreTrapezoids()
    {
        var steps = PixelSteps.OfRegions([0, 1, 1, 1], [0, 1]);

        // (1 + 3) / 2 * 1/4 + (3 + 2) / 2 * 3/4.
        Assert.AreEqual(2.375, steps.Area([1, 3, 2]), 1e-12);
    }

    [TestMethod]
    public void ValuesThatAreNotFiniteAreRefused() =>
        Assert.ThrowsExactly<ArgumentException>(() => PixelSteps.Descending([1, float.NaN], 2));

    [TestMethod]
    public void EnlargingHasHalfPixelCentersAndClampsAtTheEdge()
    {
        // Two cells over four pixels: centers at a quarter and three quarters.
        var geometry = ImageGeometry.Create(ImageFit.Stretch, 4, 1, 2, 1, new MapGrid(1, 2), 1, 1);
        CollectionAssert.AreEqual(new float[] { 0, 0.25f, 0.75f, 1 }, MapEnlargement.Bilinear([0, 1], geometry));
    }

    [TestMethod]
    public void WhatLiesBetweenEqualCellsIsEqual()
    {
        var geometry = ImageGeometry.Create(ImageFit.Stretch, 97, 61, 6, 6, new MapGrid(6, 6), 1, 1);
        float[] pixels = MapEnlargement.Bilinear([.. Enumerable.Repeat(0.0123f, 36)], geometry);
        Assert.IsTrue(pixels.All(value => value == 0.0123f));
    }

    [TestMethod]
    public void PaddingIsNotEnlargedIntoTheImage()
    {
        // 4 x 2 pixels on a square of 4 x 4 cells: rows 1 and 2 show the image.
        var geometry = ImageGeometry.Create(ImageFit.Pad, 4, 2, 4, 4, new MapGrid(4, 4), 1, 1);
        float[] map = [9, 9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9];
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }, MapEnlargement.Bilinear(map, geometry));
    }
}
