using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

namespace Table1;

/// <summary>
/// Which heads carry the grounding: how often each head's own map peaks in the cell of a queried key point, and how often the paper's head
/// selection keeps the head.
/// </summary>
internal static class HeadTable
{
    /// <summary>Reads the rows once, tells after each, and returns the table as Markdown.</summary>
    public static string Measure(
        MLContext context,
        VisionLanguageModel model,
        Table1Rows rows,
        Table1Question question,
        Table1Settings settings,
        Action advance,
        CancellationToken cancellationToken
    )
    {
        EstimatorChain<HeadSelectorTransformer> pipeline = context
            .Transforms.LoadGroundingImages(loading: settings.Data.Loading)
            .Append(
                context.Transforms.ExtractAttention(
                    new AttentionExtractorOptions
                    {
                        Model = model,
                        Words = question.Words,
                        Object = question.Object,
                        Question = settings.Question,
                        Capture = settings.Model.Capture,
                        Cells = settings.Model.Cells,
                        Aspect = settings.Model.Aspect,
                        CancellationToken = cancellationToken,
                    }
                )
            )
            .Append(context.Transforms.SelectHeads());
        using TransformerChain<HeadSelectorTransformer> transformer = pipeline.Fit(rows.View);
        int heads = model.Info.Layers * model.Info.Heads;
        (long[]? peaks, long[]? kept, long count) = (new long[heads], new long[heads], 0L);
        foreach (
            HeadRow row in context.Data.CreateEnumerable<HeadRow>(
                transformer.Transform(rows.View),
                reuseRowObject: true,
                ignoreMissingColumns: true
            )
        )
        {
            advance();
            if (float.IsNaN(row.Geometry[0]) || float.IsNaN(row.KeptHeads[0]))
            {
                continue;
            }

            int mapCells = ImageGeometry.FromVector(row.Geometry).Grid.Cells;
            for (int query = 0; query < question.Words.Count; query++)
            {
                HashSet<int> cells = row.CellsOf(question.PointsOf(question.Words[query], rows.KeyPoints), out bool visible);
                if (!visible)
                {
                    continue;
                }

                count++;
                for (int head = 0; head < heads; head++)
                {
                    ReadOnlySpan<float> map = row.FineAttention.AsSpan(((query * heads) + head) * mapCells, mapCells);
                    peaks[head] += cells.Contains(TensorPrimitives.IndexOfMax(map)) ? 1 : 0;
                    kept[head] += row.KeptHeads[(query * heads) + head] > 0 ? 1 : 0;
                }
            }
        }

        return Write(model.Info, peaks, kept, count);
    }

    private static string Write(ModelInfo model, long[] peaks, long[] kept, long count)
    {
        var text = new StringBuilder(
            "\n**Heads: share of maps that peak in the cell of a queried key point / share that head selection keeps**\n\n"
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"| layer | {string.Join(" | ", Enumerable.Range(0, model.Heads).Select(head => $"head {head}"))} |"
        );
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(Enumerable.Repeat("---:|", model.Heads))}");
        for (int layer = 0; layer < model.Layers; layer++)
        {
            IEnumerable<string> cells = Enumerable
                .Range(layer * model.Heads, model.Heads)
                .Select(head =>
                    string.Create(CultureInfo.InvariantCulture, $"{(double)peaks[head] / count:0.00} / {(double)kept[head] / count:0.00}")
                );
            text.AppendLine(CultureInfo.InvariantCulture, $"| {layer} | {string.Join(" | ", cells)} |");
        }

        return text.ToString();
    }

    /// <summary>What is read of a row; the property names are the column names.</summary>
    private sealed class HeadRow
    {
        public float[] Geometry { get; set; } = [];

        public float[] KeyPoints { get; set; } = [];

        public float[] KeyPointVisible { get; set; } = [];

        /// <summary>All heads' maps, <c>[queries, layers, heads, gridHeight, gridWidth]</c>.</summary>
        public float[] FineAttention { get; set; } = [];

        /// <summary>Which heads were kept, <c>[queries, layers, heads]</c>.</summary>
        public float[] KeptHeads { get; set; } = [];

        /// <summary>The cells with a visible key point of a word; fewer than visible ones where a crop removed some.</summary>
        public HashSet<int> CellsOf(IReadOnlyList<int> points, out bool visible)
        {
            var geometry = ImageGeometry.FromVector(Geometry);
            HashSet<int> cells = [];
            visible = false;
            foreach (int point in points.Where(point => KeyPointVisible[point] > 0))
            {
                visible = true;
                if (geometry.TryGetCell(KeyPoints[2 * point], KeyPoints[(2 * point) + 1], out int row, out int column))
                {
                    cells.Add((row * geometry.Grid.Width) + column);
                }
            }

            return cells;
        }
    }
}
