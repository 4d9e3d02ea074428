using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>The tower against one that keeps the order of the cells and masks attention over the whole image.</summary>
[TestClass]
public sealed class QwenVisionTowerTests
{
    private static readonly QwenVisionSettings Gated = new()
    {
        Layers = 3,
        Width = 16,
        InnerWidth = 20,
        Heads = 2,
        OutputWidth = 12,
        PatchSize = 2,
        MergeSize = 2,
        Frames = 2,
        Theta = 10000,
        Activation = Activation.Silu,
        RootMeanSquareNorms = true,
        FeedForward = ["gate", "up", "down"],
        Merger = ("norm", "first", "second"),
        WindowCells = 2,
        FullLayers = new HashSet<int> { 1 },
    };

    private static readonly QwenVisionSettings Plain = Gated with
    {
        RootMeanSquareNorms = false,
        Activation = Activation.TanhGelu,
        FeedForward = ["expand", "contract"],
        WindowCells = 0,
        PatchBias = true,
        PositionSide = 3,
        DeepLayers = [0, 2],
    };

    [TestMethod]
    [DataRow(3, 5)]
    [DataRow(4, 4)]
    [DataRow(1, 3)]
    [DataRow(2, 2)]
    public void WindowsSeeWhatAMaskWouldLetThemSee(int rows, int columns) => Compare(Gated, new MapGrid(rows, columns));

    [TestMethod]
    [DataRow(3, 5)]
    [DataRow(1, 1)]
    public void FeaturesOfEarlierLayersAreThoseOfTheirLayers(int rows, int columns)
    {
        EncodedImage encoded = Compare(Plain, new MapGrid(rows, columns));
        Assert.HasCount(2, encoded.LayerFeatures);
    }

    private static EncodedImage Compare(QwenVisionSettings settings, MapGrid grid)
    {
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using Generator random = new(3);
        RandomTensorSource weights = new(random);
        QwenVisionTower tower = new(weights, settings, "");
        Tensor patches = randn(grid.Cells * 4, settings.PatchNumbers, generator: random);
        EncodedImage actual = tower.Forward(patches, grid);
        (Tensor features, Tensor[] deep) = Slow(weights, settings, patches, grid);
        Close(features, actual.Features);
        Assert.HasCount(deep.Length, actual.LayerFeatures);
        for (int index = 0; index < deep.Length; index++)
        {
            Close(deep[index], actual.LayerFeatures[index]);
        }

        return actual;
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.IsLessThan(2e-5, (expected - actual).abs().max().item<float>());
    }

    private static (Tensor Features, Tensor[] Deep) Slow(
        RandomTensorSource weights,
        QwenVisionSettings settings,
        Tensor patches,
        MapGrid grid
    )
    {
        PatchPlaces places = new(grid, settings.MergeSize, [.. Enumerable.Range(0, grid.Cells)]);
        RotaryTable rotation = places.Rotation(settings.Width / settings.Heads, settings.Theta, ScalarType.Float32, CPU);
        Tensor hidden = Linear(
            patches,
            weights["patch_embed.proj.weight"].flatten(1),
            settings.PatchBias ? weights["patch_embed.proj.bias"] : null
        );
        if (settings.PositionSide > 0)
        {
            hidden = hidden + places.Stretch(weights["pos_embed.weight"], settings.PositionSide);
        }

        int side = settings.WindowCells * settings.MergeSize;
        bool[] apart =
        [
            .. Enumerable
                .Range(0, places.Rows.Count)
                .SelectMany(row =>
                    Enumerable
                        .Range(0, places.Rows.Count)
                        .Select(column =>
                            side > 0
                            && (places.Rows[row] / side, places.Columns[row] / side)
                                != (places.Rows[column] / side, places.Columns[column] / side)
                        )
                ),
        ];
        Tensor mask = tensor(apart, [places.Rows.Count, places.Rows.Count]);
        List<Tensor> deep = [];
        for (int layer = 0; layer < settings.Layers; layer++)
        {
            string name = $"blocks.{layer}.";
            Tensor qkv = Named(Norm(hidden, name + "norm1"), name + "attn.qkv")
                .view(-1, 3, settings.Heads, settings.Width / settings.Heads)
                .permute(1, 2, 0, 3);
            Tensor scores =
                matmul(rotation.Rotate(qkv[0]), rotation.Rotate(qkv[1]).transpose(-1, -2)) / Math.Sqrt(settings.Width / settings.Heads);
            scores = settings.FullLayers.Contains(layer) || side == 0 ? scores : scores.masked_fill(mask, double.NegativeInfinity);
            hidden = hidden + Named(matmul(scores.softmax(-1), qkv[2]).transpose(0, 1).flatten(1), name + "attn.proj");
            Tensor normed = Norm(hidden, name + "norm2");
            Tensor inner = settings.Activation.Apply(Named(normed, $"{name}mlp.{settings.FeedForward[0]}"));
            inner = settings.FeedForward.Count == 3 ? inner * Named(normed, $"{name}mlp.{settings.FeedForward[1]}") : inner;
            hidden = hidden + Named(inner, $"{name}mlp.{settings.FeedForward[^1]}");
            if (settings.DeepLayers.Contains(layer))
            {
                string merger = $"deepstack_merger_list.{settings.DeepLayers.ToList().IndexOf(layer)}.";
                deep.Add(Merge(Norm(hidden.view(grid.Cells, -1), merger + "norm"), merger));
            }
        }

        return (Merge(Norm(hidden, "merger.norm").view(grid.Cells, -1), "merger."), [.. deep]);

        Tensor Merge(Tensor cells, string name) => Named(nn.functional.gelu(Named(cells, name + "first")), name + "second");

        Tensor Named(Tensor input, string name) => Linear(input, weights[name + ".weight"], weights[name + ".bias"]);

        Tensor Norm(Tensor input, string name) =>
            settings.RootMeanSquareNorms
                ? input / (input.pow(2).mean([-1], keepdim: true) + 1e-6).sqrt() * weights[name + ".weight"]
                : nn.functional.layer_norm(input, [input.shape[^1]], weights[name + ".weight"], weights[name + ".bias"], 1e-6);
    }

    private static Tensor Linear(Tensor input, Tensor weight, Tensor? bias) =>
        bias is null ? matmul(input, weight.t()) : matmul(input, weight.t()) + bias;

    /// <summary>Gives random weights and keeps them by name.</summary>
    private sealed class RandomTensorSource(Generator random) : ITensorSource
    {
        private readonly Dictionary<string, Tensor> _tensors = [];

        public Tensor this[string name] => _tensors[name];

        public Tensor Take(string name, params long[] shape)
        {
            Tensor values = randn(shape, generator: random);
            return _tensors[name] = shape.Length == 1 ? values : values / Math.Sqrt(values.numel() / shape[0]);
        }

        public void Skip(string name, params long[] shape) { }
    }
}
