using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Samples.Checkpoints;
using static TorchSharp.torch;

namespace TrainSampleLlava;

/// <summary>The forward pass of training: images to the log-probabilities of the answers to all questions.</summary>
internal sealed class TrainingNetwork : IDisposable
{
    private readonly LlavaNetwork _network;
    private readonly PackedQuestions _questions;
    private readonly IRotation _rotation;
    private readonly Tensor _mask;
    private readonly Tensor _suffixMask;
    private readonly Tensor _prefixIds;
    private readonly Tensor _suffixIds;
    private readonly Tensor _pixelMean;
    private readonly Tensor _pixelScale;

    public TrainingNetwork(ParameterStore parameters, LlavaShape configuration)
    {
        _network = new LlavaNetwork(parameters, configuration.Settings);
        _questions = new PackedQuestions(configuration.VisualTokens);
        _rotation = _network.Decoder.Rotation(
            [
                [.. _questions.Positions],
            ],
            ScalarType.Float32,
            CPU
        );
        _mask = _questions.Mask();
        _suffixMask = _mask.narrow(0, _questions.PrefixLength, _questions.SuffixLength);
        _prefixIds = tensor(SampleWords.Prefix.Select(id => (long)id).ToArray());
        _suffixIds = tensor(_questions.SuffixIds.ToArray());

        // CLIP's mean and deviation of red, green and blue, which preprocessor_config.json names too.
        _pixelMean = Channels([0.48145466 * 255, 0.4578275 * 255, 0.40821073 * 255]);
        _pixelScale = Channels([1 / (0.26862954 * 255), 1 / (0.26130258 * 255), 1 / (0.27577711 * 255)]);
    }

    /// <summary>Pixels <c>[batch, size, size, 3]</c> in bytes to log-probabilities <c>[batch, questions * forms, vocabulary]</c>.</summary>
    public Tensor Forward(Tensor pixels)
    {
        long batch = pixels.shape[0];
        Tensor input = (pixels.permute(0, 3, 1, 2).to(ScalarType.Float32) - _pixelMean) * _pixelScale;
        Tensor hidden = cat([Embed(_prefixIds, batch), _network.EncodeImages(input), Embed(_suffixIds, batch)], 1);
        IReadOnlyList<IDecoderLayer> layers = _network.Decoder.Layers;
        for (int index = 0; index < layers.Count; index++)
        {
            IDecoderLayer layer = layers[index];
            Tensor normed = layer.Normalize(hidden);
            (Tensor query, Tensor key) = layer.QueryKey(normed, _rotation);
            Tensor value = layer.Value(normed);
            Tensor mask = _mask;
            if (index == layers.Count - 1)
            {
                // Nobody reads what the last layer makes of the image.
                query = query.narrow(2, _questions.PrefixLength, _questions.SuffixLength);
                hidden = hidden.narrow(1, _questions.PrefixLength, _questions.SuffixLength);
                mask = _suffixMask;
            }

            hidden = layer.Complete(hidden, nn.functional.scaled_dot_product_attention(query, key, value, mask));
        }

        return nn.functional.log_softmax(_network.Decoder.Logits(hidden), -1);
    }

    public void Dispose()
    {
        foreach (Tensor constant in (Tensor[])[_suffixMask, _mask, _prefixIds, _suffixIds, _pixelMean, _pixelScale])
        {
            constant.Dispose();
        }
    }

    private static Tensor Channels(double[] values) => tensor([.. values.Select(value => (float)value)]).view(1, 3, 1, 1);

    private Tensor Embed(Tensor ids, long batch) => _network.Decoder.Embed(ids).expand(batch, -1, -1);
}
