using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews.ReadAhead;
using MLNetGrounding.Testing;

namespace MLNetGrounding.DataViews;

/// <summary>A long run leaves nothing behind: native tensors are not the garbage collector's, so a leak shows only here.</summary>
[TestClass]
[DoNotParallelize]
public sealed class SoakTests
{
    private const int Rows = 2000;
    private const int WarmUpRows = 200;
    private const long Allowance = 16 << 20;

    [TestMethod]
    public void MemoryStaysFlatOver2000Rows()
    {
        GoldenData golden = GoldenData.TinyA;
        var context = new MLContext();
        string[] images = [golden.Image("img0_pad"), golden.Image("img1_pad")];
        IDataView rows = context.Data.LoadFromEnumerable(
            Enumerable.Range(0, Rows).Select(row => new ImageRow { ImagePath = images[row % images.Length] })
        );
        EstimatorChain<RolloutMaskerTransformer> pipeline = context
            .Transforms.LoadGroundingImages()
            .Append(
                context.Transforms.ExtractAttention(
                    new AttentionExtractorOptions
                    {
                        ModelDirectory = golden.Checkpoint,
                        Queries =
                        [
                            .. golden.Prompt.Suffixes.Select(
                                (tokens, query) =>
                                    new AttentionQuery
                                    {
                                        Name = $"q{query}",
                                        Role = query == golden.Prompt.CoarseQuery ? QueryRole.Coarse : QueryRole.Fine,
                                        TokenIds = tokens,
                                        TokenPositions = [golden.Prompt.TargetInSuffix[query]],
                                    }
                            ),
                        ],
                        Capture = new CaptureOptions { PrefixTokenIds = golden.Prompt.Prefix },
                    }
                )
            )
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout());
        using TransformerChain<RolloutMaskerTransformer> chain = pipeline.Fit(rows);
        IDataView grounded = chain.Transform(rows);
        DataViewSchema.Column column = grounded.Schema["GroundingMaps"];
        DataViewSchema.Column imageColumn = grounded.Schema["Image"];
        using DataViewRowCursor cursor = grounded.GetRowCursor([column, imageColumn]);
        ValueGetter<VBuffer<float>> getMaps = cursor.GetGetter<VBuffer<float>>(column);
        ValueGetter<MLImage> getImage = cursor.GetGetter<MLImage>(imageColumn);
        VBuffer<float> maps = default;
        MLImage? image = null;
        long early = 0;
        int row = 0;
        while (cursor.MoveNext())
        {
            getMaps(ref maps);
            getImage(ref image!);
            if (++row == WarmUpRows)
            {
                early = ProcessMemory.AnonymousBytes();
            }
        }

        image!.Dispose();
        long grown = ProcessMemory.AnonymousBytes() - early;
        Assert.AreEqual(Rows, row);
        Console.WriteLine($"{grown >> 10} KiB from row {WarmUpRows} to row {Rows}");
        Assert.IsLessThanOrEqualTo(Allowance, grown, $"Anonymous memory grew by {grown >> 10} KiB from row {WarmUpRows} to row {Rows}.");
    }

    [TestMethod]
    public void CursorsThatAreDisposedHalfReadLeaveNothingBehind()
    {
        const int cursors = 300;
        const int warmUp = 50;
        using var pictures = new Pictures(8);
        IDataView data = TinyExtraction.Extract(new MLContext(), pictures.View, TinyExtraction.Options(readAhead: 4));
        DataViewSchema.Column column = data.Schema["FineAttention"];
        VBuffer<float> maps = default;
        long early = 0;
        for (int turn = 0; turn < cursors; turn++)
        {
            if (turn == warmUp)
            {
                early = ProcessMemory.AnonymousBytes();
            }

            using DataViewRowCursor cursor = data.GetRowCursor([column, data.Schema["Image"]]);
            ValueGetter<VBuffer<float>> getMaps = cursor.GetGetter<VBuffer<float>>(column);
            Assert.IsTrue(cursor.MoveNext());
            getMaps(ref maps);
        }

        long grown = ProcessMemory.AnonymousBytes() - early;
        Assert.AreEqual(cursors, pictures.View.Disposals);
        Assert.IsLessThanOrEqualTo(Allowance, grown, $"Anonymous memory grew by {grown >> 10} KiB over {cursors - warmUp} cursors.");
    }

    private sealed class ImageRow
    {
        public string ImagePath { get; init; } = "";
    }
}
