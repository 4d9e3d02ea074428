using TorchSharp;
using static TorchSharp.torch;

namespace TrainSampleLlava;

/// <summary>AdamW with decoupled weight decay (Loshchilov and Hutter, 2019) and clipping by the global norm, on flat tensors.</summary>
internal sealed class AdamW : IDisposable
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.98;
    private const double Epsilon = 1e-8;
    private const double MaximumNorm = 1;

    private readonly ParameterStore _parameters;
    private readonly double _weightDecay;

    public AdamW(ParameterStore parameters, double weightDecay)
    {
        _parameters = parameters;
        _weightDecay = weightDecay;
        FirstMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
        SecondMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
    }

    public Tensor FirstMoment { get; }

    public Tensor SecondMoment { get; }

    /// <summary>Takes step number <paramref name="step"/>, counted from 1.</summary>
    public void Step(IEnumerable<Tensor> gradients, long step, double learningRate)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        // Named and disposed at the end, because a temporary could be collected during the native call: see TensorArithmetic.
        using Scalar one = 1;
        using Scalar maximumNorm = MaximumNorm;
        using Scalar tiny = 1e-6;
        using Scalar epsilon = Epsilon;
        using Scalar firstDecay = FirstDecay;
        using Scalar firstShare = 1 - FirstDecay;
        using Scalar secondDecay = SecondDecay;
        using Scalar secondShare = 1 - SecondDecay;
        using Scalar secondCorrection = 1 - Math.Pow(SecondDecay, step);
        using Scalar decay = -learningRate * _weightDecay;
        using Scalar rate = -learningRate / (1 - Math.Pow(FirstDecay, step));

        Tensor gradient = cat([.. gradients.Select(part => part.flatten())]);
        Tensor clip = (maximumNorm / (gradient.norm().add(tiny, one))).clamp(max: one);
        gradient.mul_(clip);
        FirstMoment.mul_(firstDecay).add_(gradient, alpha: firstShare);
        SecondMoment.mul_(secondDecay).addcmul_(gradient, gradient, value: secondShare);
        Tensor denominator = (SecondMoment / secondCorrection).sqrt_().add_(epsilon, one);
        Tensor values = _parameters.Values;
        values.addcmul_(values, _parameters.DecayMask, value: decay);
        values.addcdiv_(FirstMoment, denominator, value: rate);
    }

    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
