using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Llava;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Tests;

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
        IDataView rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(row => new ImageRow { ImagePath = images[row % images.Length] }));
        var pipeline = context.Transforms.LoadGroundingImages()
            .Append(context.Transforms.ExtractAttention(new AttentionExtractorOptions
            {
                ModelDirectory = golden.Checkpoint,
                Queries = [.. golden.Prompt.Suffixes.Select((tokens, query) => new AttentionQuery
                {
                    Name = $"q{query}",
                    Role = query == golden.Prompt.CoarseQuery ? QueryRole.Coarse : QueryRole.Fine,
                    TokenIds = tokens,
                    TokenPositions = [golden.Prompt.TargetInSuffix[query]],
                })],
                Capture = new CaptureOptions { PrefixTokenIds = golden.Prompt.Prefix },
            }))
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout());
        using TransformerChain<RolloutMaskerTransformer> chain = pipeline.Fit(rows);
        IDataView grounded = chain.Transform(rows);
        DataViewSchema.Column column = grounded.Schema["GroundingMaps"];
        using DataViewRowCursor cursor = grounded.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> getMaps = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> maps = default;
        long early = 0;
        int row = 0;
        while (cursor.MoveNext())
        {
            getMaps(ref maps);
            if (++row == WarmUpRows)
            {
                early = ProcessMemory.AnonymousBytes();
            }
        }

        long grown = ProcessMemory.AnonymousBytes() - early;
        Assert.AreEqual(Rows, row);
        Console.WriteLine($"{grown >> 10} KiB from row {WarmUpRows} to row {Rows}");
        Assert.IsLessThanOrEqualTo(Allowance, grown, $"Anonymous memory grew by {grown >> 10} KiB from row {WarmUpRows} to row {Rows}.");
    }

    private sealed class ImageRow
    {
        public string ImagePath { get; init; } = "";
    }
}
