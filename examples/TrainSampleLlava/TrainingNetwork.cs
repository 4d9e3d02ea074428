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
    private readonly Tensor _embedding;
    private readonly IRotation _rotation;
    private readonly Tensor _mask;
    private readonly Tensor _suffixMask;
    private readonly Tensor _prefixIds;
    private readonly Tensor _askedRows;
    private readonly Tensor _pixelMean;
    private readonly Tensor _pixelScale;

    public TrainingNetwork(ParameterStore parameters, LlavaShape configuration, Device device)
    {
        _network = new LlavaNetwork(parameters, configuration.Settings);
        _questions = new PackedQuestions(configuration.VisualTokens);
        _rotation = _network.Decoder.Rotation(
            [
                [.. _questions.Positions],
            ],
            ScalarType.Float32,
            device
        );
        _mask = _questions.Mask().to(device);
        _suffixMask = _mask.narrow(0, _questions.PrefixLength, PackedQuestions.SuffixLength);
        _embedding = parameters.Take(LlavaTensorNames.Decoder + "embed_tokens.weight");
        _prefixIds = tensor(SampleWords.Prefix.Select(id => (long)id).ToArray(), [1, SampleWords.Prefix.Count], device: device);
        _askedRows = tensor(PackedQuestions.Rows.Select(row => (long)row.Position).ToArray(), device: device);

        // CLIP's mean and deviation of red, green and blue, which preprocessor_config.json names too.
        _pixelMean = Channels([0.48145466 * 255, 0.4578275 * 255, 0.40821073 * 255], device);
        _pixelScale = Channels([1 / (0.26862954 * 255), 1 / (0.26130258 * 255), 1 / (0.27577711 * 255)], device);
    }

    /// <summary>Gives log-probabilities <c>[batch, rows, vocabulary]</c> at <see cref="PackedQuestions.Rows"/>.</summary>
    /// <param name="pixels"><c>[batch, size, size, 3]</c> in bytes.</param>
    /// <param name="suffixIds"><c>[batch, suffix]</c>.</param>
    public Tensor Forward(Tensor pixels, Tensor suffixIds)
    {
        long batch = pixels.shape[0];
        Tensor input = (pixels.permute(0, 3, 1, 2).to(ScalarType.Float32) - _pixelMean) * _pixelScale;
        Tensor hidden = cat([Embed(_prefixIds).expand(batch, -1, -1), _network.EncodeImages(input), Embed(suffixIds)], 1);
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
                query = query.narrow(2, _questions.PrefixLength, PackedQuestions.SuffixLength);
                hidden = hidden.narrow(1, _questions.PrefixLength, PackedQuestions.SuffixLength);
                mask = _suffixMask;
            }

            hidden = layer.Complete(hidden, nn.functional.scaled_dot_product_attention(query, key, value, mask));
        }

        return nn.functional.log_softmax(_network.Decoder.Logits(hidden.index_select(1, _askedRows)), -1);
    }

    public void Dispose()
    {
        foreach (Tensor constant in (Tensor[])[_suffixMask, _mask, _prefixIds, _askedRows, _pixelMean, _pixelScale])
        {
            constant.Dispose();
        }
    }

    private static Tensor Channels(double[] values, Device device) =>
        tensor([.. values.Select(value => (float)value)], device: device).view(1, 3, 1, 1);

    /// <summary>As a product, whose gradient is summed in the same order every time; that of a look-up is not on a GPU.</summary>
    private Tensor Embed(Tensor ids) => matmul(nn.functional.one_hot(ids, _embedding.shape[0]).to(ScalarType.Float32), _embedding);
}
