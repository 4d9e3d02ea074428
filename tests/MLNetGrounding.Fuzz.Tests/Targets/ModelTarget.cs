using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNetGrounding.Fuzz;

/// <summary>Saved models, as a whole and by their parts behind check sums and hashes that are right.</summary>
internal sealed class ModelTarget : FuzzTarget
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly byte[] _whole;
    private readonly Dictionary<string, byte[]> _entries;
    private readonly string[] _names;
    private readonly string[] _components;
    private readonly IDataView _rows;

    public ModelTarget()
    {
        _rows = _ml.Data.LoadFromEnumerable([new Row()]);
        TransformerChain<NormalizingTransformer> model = _ml
            .Transforms.SelectHeads(new HeadSelectorOptions { QueryNames = ["beak", "eye"] })
            .Append(
                _ml.Transforms.EvaluateMpir(
                    new MpirEvaluatorOptions
                    {
                        QueryNames = ["beak", "eye"],
                        KeyPointTable = CubParts.KeyPointsOf,
                        GroundingMapsColumnName = "Maps",
                    }
                )
            )
            .Append(_ml.Transforms.CopyColumns("Copy", "KeptHeads"))
            .Append(_ml.Transforms.Concatenate("Both", "Copy", "Geometry"))
            .Append(_ml.Transforms.NormalizeMinMax("Both"))
            .Fit(_rows);
        _ml.Model.SaveGrounding(model, _rows.Schema, FilePath);
        _whole = File.ReadAllBytes(FilePath);
        _entries = ModelZip.Read(FilePath);
        _names = [.. _entries.Keys.Order(StringComparer.Ordinal)];
        _components =
        [
            .. _names.Where(name => Encoding.UTF8.GetString(_entries[name]).Contains("\"Component\":", StringComparison.Ordinal)),
        ];
        Assert.HasCount(2, _components);
    }

    private string FilePath => Path.Combine(Folder, "model.zip");

    public override void Write(FuzzInput input)
    {
        if (input.Part % 8 == 0)
        {
            File.WriteAllBytes(FilePath, Mutator.Bytes(_whole, input.Changes));
            return;
        }

        var entries = new Dictionary<string, byte[]>(_entries);
        if (input.Part % 2 == 0)
        {
            string component = Choose(_components, input.Seed);
            string text = ModelZip.TextOf(entries[component]);
            entries[component] = ModelZip.WithText(
                entries[component],
                Encoding.UTF8.GetString(Mutator.Text(Encoding.UTF8.GetBytes(text), input.Changes))
            );
        }
        else
        {
            string name = Choose(_names, input.Seed);
            entries[name] = Mutator.Bytes(entries[name], input.Changes);
        }

        ModelZip.Write(FilePath, entries);
    }

    public override void Read() => _ml.Model.LoadGrounding(FilePath, out _);

    public override bool IsTyped(Exception exception) => exception is SavedModelException;

    private sealed class Row
    {
        [VectorType(2, 3, 4, 4, 4)]
        public float[] FineAttention { get; set; } = new float[2 * 3 * 4 * 16];

        [VectorType(2, 4, 4)]
        public float[] Maps { get; set; } = new float[2 * 16];

        [VectorType(ImageGeometry.Length)]
        public float[] Geometry { get; set; } = GeometryOf();

        [VectorType(15, 2)]
        public float[] KeyPoints { get; set; } = new float[30];

        [VectorType(15)]
        public float[] KeyPointVisible { get; set; } = new float[15];

        [VectorType(4)]
        public float[] BoundingBox { get; set; } = new float[4];

        private static float[] GeometryOf()
        {
            float[] geometry = new float[ImageGeometry.Length];
            ImageGeometry.Create(ImageFit.Pad, 100, 60, 56, 56, new MapGrid(4, 4), 14, 14).CopyTo(geometry);
            return geometry;
        }
    }
}
