using MLNetGrounding;
using MLNetGrounding.Samples.Checkpoints;

namespace TrainSampleLlava;

/// <summary>How much of the fine words' attention, of all heads of the amplified layers, lies under the mask.</summary>
internal sealed class AmplifiedMass(LlavaShape model, double firstLayerDepth)
{
    private double _attention;
    private double _share;
    private int _pictures;

    /// <summary>
    /// Mean over images, words, layers and heads of the attention to the tokens under the mask; 1 would be all attention.
    /// </summary>
    public double Attention => _attention / _pictures;

    /// <summary>Mean share of the visual tokens that lies under the mask.</summary>
    public double MaskShare => _share / _pictures;

    public void Add(AttentionCapture capture)
    {
        IReadOnlyList<bool> mask = capture.AmplifiedCells;
        int cells = mask.Count;
        int rows = 0;
        double sum = 0;
        for (int row = 0; row < capture.FineAttention.Length / cells; row++)
        {
            int layer = row / model.TextHeads % model.TextLayers;
            if (layer < Math.Min((int)(firstLayerDepth * model.TextLayers), model.TextLayers - 1))
            {
                continue;
            }

            rows++;
            for (int cell = 0; cell < cells; cell++)
            {
                sum += mask[cell] ? capture.FineAttention[row * cells + cell] : 0;
            }
        }

        _attention += sum / rows;
        _share += mask.Count(amplified => amplified) / (double)cells;
        _pictures++;
    }
}
