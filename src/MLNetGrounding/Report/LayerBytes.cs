using System.IO.Compression;
using MLNetGrounding.DataViews;
using MLNetGrounding.Results;

namespace MLNetGrounding.Report;

/// <summary>
/// The layers and heads of one image as compressed bytes: attention <c>[queries, layers, heads, cells]</c>, layer maps
/// <c>[queries, layers, cells]</c>, then for each of <c>[queries, layers, heads]</c> flags (1 kept, 2 and up the failures), entropy and
/// compactness in hundredths.
/// </summary>
internal static class LayerBytes
{
    public static byte[] Of(GroundedImage image, HeadSelectionOptions selection)
    {
        GroundedLayers layers = image.Layers!;
        int queries = image.Queries.Count;
        int cells = image.Grid.Cells;
        int heads = queries * layers.Layers * layers.Heads;
        byte[] judged = new byte[3 * heads];
        float[] layerMaps = layers.LayerMaps.IsEmpty ? new float[queries * layers.Layers * cells] : layers.LayerMaps.ToArray();
        for (int block = 0; block < queries * layers.Layers; block++)
        {
            ReadOnlySpan<float> attention = layers.FineAttention.Span.Slice(block * layers.Heads * cells, layers.Heads * cells);
            if (!RowValues.AreWeights(attention))
            {
                // The query could not be computed: no head is kept.
                continue;
            }

            ReadOnlySpan<float> kept = layers.KeptHeads.IsEmpty ? [] : layers.KeptHeads.Span.Slice(block * layers.Heads, layers.Heads);
            HeadVerdict[] verdicts = HeadVerdict.Of(attention, layers.Heads, image.Grid, selection, kept);
            for (int head = 0; head < layers.Heads; head++)
            {
                HeadVerdict verdict = verdicts[head];
                int index = (block * layers.Heads) + head;
                judged[index] = (byte)((verdict.Kept ? 1 : 0) | ((int)verdict.Failures << 1));
                judged[heads + index] = (byte)Math.Round(100 * verdict.Entropy);
                judged[(2 * heads) + index] = (byte)Math.Round(100 * verdict.Compactness);
                if (layers.LayerMaps.IsEmpty && verdict.Kept)
                {
                    TakeMaximum(attention.Slice(head * cells, cells), layerMaps.AsSpan(block * cells, cells));
                }
            }
        }

        return Compress(MapBytes.Of(layers.FineAttention.Span, cells), MapBytes.Of(layerMaps, cells), judged);
    }

    private static void TakeMaximum(ReadOnlySpan<float> map, Span<float> layerMap)
    {
        for (int cell = 0; cell < map.Length; cell++)
        {
            layerMap[cell] = Math.Max(layerMap[cell], map[cell]);
        }
    }

    private static byte[] Compress(params ReadOnlySpan<byte[]> parts)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            foreach (byte[] part in parts)
            {
                gzip.Write(part);
            }
        }

        return compressed.ToArray();
    }
}
