using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Models;
using MLNetGrounding.Models.Families.SmolVlm;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Models.Tiles;
using MLNetGrounding.Models.Vision;
using MLNetGrounding.Testing;
using static TorchSharp.torch;

namespace MLNetGrounding.Golden.Models;

/// <summary>Views that an image fills in part, through tower and connector.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class MaskedPixelTests
{
    private const double FeatureLimit = 1e-4;

    public static IEnumerable<object[]> Models => ModelTests.Models;

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void WhatLiesBeyondAnImageCountsForNothing(string folder)
    {
        GoldenModel golden = new(folder);
        if (!golden.IsBuilt || golden.MaskedPixels is not { } path)
        {
            Assert.Inconclusive($"{folder} has no masked pixels.");
            return;
        }

        GoldenCase result = new(golden.Folder, path[^1]);
        SharedCheckpoint model = result.Load(() =>
            SharedCheckpoint.Load(golden.Checkpoint, new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 })
        );
        try
        {
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            using IDisposable inference = no_grad();
            NpyFile Stored(string name) => golden.TryRead([.. path, name]) ?? throw new FileNotFoundException(name);
            bool[] shown = Array.ConvertAll(Stored("pixel_attention_mask").Bytes(), value => value != 0);
            NpyFile levels = Stored("pixels_u8");
            int side = levels.Shape[^1];
            int plane = side * side;
            PixelNormalizer normalizer = ((TiledImagePreprocessor)model.Images).Pixels.CreateNormalizer();
            float[] values =
            [
                .. levels
                    .Bytes()
                    .Select(
                        (level, index) =>
                            shown[(index / (3 * plane) * plane) + (index % plane)] ? normalizer.Of(index / plane % 3)[level] : 0
                    ),
            ];
            Tensor pixels = tensor(values, [.. levels.Shape.Select(size => (long)size)]);
            var network = (SmolVlmNetwork)model.Network;
            PatchMask mask = new(shown, side, network.Vision.PatchSize);
            result.Equal(
                "vision_position_ids",
                Stored("vision_position_ids").Longs(),
                [.. mask.Positions.Select(position => (long)position)]
            );
            result.Close(
                "vision_embeddings",
                Stored("vision_embeddings").Floats(),
                network.Vision.Embed(pixels, mask).ToFloats(),
                FeatureLimit
            );
            result.Close(
                "vision_layer_0",
                Stored("vision_layer_0").Floats(),
                network.Vision.Forward(pixels, [1], mask)[0].ToFloats(),
                FeatureLimit
            );
            result.Close(
                "vision_post_layernorm",
                Stored("vision_post_layernorm").Floats(),
                network.Vision.Forward(pixels, [network.Vision.LayersRun], mask)[0].ToFloats(),
                FeatureLimit
            );
            result.Close("image_features", Stored("image_features").Floats(), network.Encode(pixels, mask).ToFloats(), FeatureLimit);
        }
        finally
        {
            model.Release();
        }

        result.Complete();
    }
}
