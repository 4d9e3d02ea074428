using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Results;

[TestClass]
public sealed class GroundedImageReaderTests
{
    private readonly MLContext _context = new();

    [TestMethod]
    public void ImagesAreReadWithAllThatBelongsToThem()
    {
        AttentionRows rows = new(3);
        using TransformerChain<RolloutMaskerTransformer> chain = Chain().Fit(rows.View);
        IDataView view = WithImages(chain.Transform(rows.View), rows);

        List<GroundedImage> images = [.. _context.Grounding.ReadImages(view, new GroundedImageColumns { Details = 2 })];

        Assert.HasCount(3, images);
        for (int index = 0; index < images.Count; index++)
        {
            GroundedImage image = images[index];
            AttentionRow row = rows.Rows[index];
            CollectionAssert.AreEqual(AttentionRows.Queries, image.Queries.ToArray());
            Assert.AreEqual(ImageGeometry.FromVector(row.Geometry), image.Geometry);
            CollectionAssert.AreEqual(row.KeyPoints, image.KeyPoints.ToArray());
            Assert.AreEqual($"bird {index}.png", image.Name);
            Assert.AreEqual("GroundingMaps", image.Methods.Single().Method);
            Assert.AreEqual(new MapGrid(AttentionRows.Grid, AttentionRows.Grid), image.Grid);
            Assert.AreEqual(AttentionRows.Cells, image.CoarseMask.Length);
            Assert.IsFalse(image.Failed);
            Assert.AreEqual(index < 2, image.Layers is not null);
            if (image.Layers is { } layers)
            {
                Assert.AreEqual((AttentionRows.Layers, AttentionRows.Heads), (layers.Layers, layers.Heads));
                CollectionAssert.AreEqual(row.FineAttention, layers.FineAttention.ToArray());
                Assert.AreEqual(AttentionRows.Queries.Length * AttentionRows.Layers * AttentionRows.Heads, layers.KeptHeads.Length);
            }

            image.Dispose();
        }
    }

    [TestMethod]
    public void ImagesThatAreNotThereAreLeftOutAndDoNotCount()
    {
        AttentionRows rows = new(4);
        using TransformerChain<RolloutMaskerTransformer> chain = Chain().Fit(rows.View);
        var reader = new GroundedImageReader(
            WithImages(chain.Transform(rows.View), rows, without: 0),
            new GroundedImageColumns { Details = 1 }
        );
        GroundedImage[] images = [.. reader.Read()];
        CollectionAssert.AreEqual((bool[])[true, false, false], images.Select(image => image.Layers is not null).ToArray());
        Assert.AreEqual(1, reader.LeftOut);
        Array.ForEach(images, image => image.Dispose());
    }

    [TestMethod]
    public void EveryMapColumnIsAMethod()
    {
        AttentionRows rows = new(1);
        EstimatorChain<ColumnCopyingTransformer> chain = Chain()
            .Append(_context.Transforms.CopyColumns("GroundingMaps.Other", "GroundingMaps"));
        IDataView view = WithImages(chain.Fit(rows.View).Transform(rows.View), rows);

        using GroundedImage all = _context.Grounding.ReadImages(view).Single();
        using GroundedImage one = _context
            .Grounding.ReadImages(view, new GroundedImageColumns { Methods = [new EvaluatedMethod("mine", "GroundingMaps.Other")] })
            .Single();

        CollectionAssert.AreEqual((string[])["GroundingMaps", "Other"], all.Methods.Select(method => method.Method).ToArray());
        CollectionAssert.AreEqual((string[])["mine"], one.Methods.Select(method => method.Method).ToArray());
    }

    [TestMethod]
    public void AMissingColumnIsNamed()
    {
        AttentionRows rows = new(1);
        using TransformerChain<RolloutMaskerTransformer> chain = Chain().Fit(rows.View);
        IDataView withoutImages = chain.Transform(rows.View);

        ArgumentOutOfRangeException image = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _context.Grounding.ReadImages(withoutImages)
        );
        ArgumentOutOfRangeException maps = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _context.Grounding.ReadImages(WithImages(rows.View, rows))
        );

        Assert.Contains("'Image'", image.Message);
        Assert.Contains("'GroundingMaps'", maps.Message);
    }

    private EstimatorChain<RolloutMaskerTransformer> Chain() =>
        _context.Transforms.SelectHeads().Append(_context.Transforms.MaskByRollout());

    /// <summary>The view with an image and a path for each row, looked up by its id.</summary>
    private IDataView WithImages(IDataView view, AttentionRows rows, int without = -1) =>
        _context
            .Transforms.CustomMapping<IdRow, ImageRow>(
                (from, to) =>
                {
                    var geometry = ImageGeometry.FromVector(rows.Rows[from.Id].Geometry);
                    to.Image =
                        from.Id == without
                            ? null
                            : MLImage.CreateFromPixels(
                                geometry.ImageWidth,
                                geometry.ImageHeight,
                                MLPixelFormat.Bgra32,
                                new byte[4 * geometry.ImageWidth * geometry.ImageHeight]
                            );
                    to.ImagePath = $"/birds/bird {from.Id}.png";
                },
                contractName: null
            )
            .Fit(view)
            .Transform(view);

    private sealed class IdRow
    {
        public int Id { get; set; }
    }

    private sealed class ImageRow
    {
        [Microsoft.ML.Transforms.Image.ImageType(60, 100)]
        public MLImage? Image { get; set; }

        public string ImagePath { get; set; } = "";
    }
}
