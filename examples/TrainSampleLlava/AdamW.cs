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
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        Tensor gradient = cat([.. gradients.Select(part => part.flatten())]);
        Tensor clip = (MaximumNorm / (gradient.norm() + 1e-6)).clamp(max: 1);
        gradient.mul_(clip);
        FirstMoment.mul_(FirstDecay).add_(gradient, alpha: 1 - FirstDecay);
        SecondMoment.mul_(SecondDecay).addcmul_(gradient, gradient, value: 1 - SecondDecay);
        Tensor denominator = (SecondMoment / (1 - Math.Pow(SecondDecay, step))).sqrt_().add_(Epsilon);
        Tensor values = _parameters.Values;
        values.addcmul_(values, _parameters.DecayMask, value: -learningRate * _weightDecay);
        values.addcdiv_(FirstMoment, denominator, value: -learningRate / (1 - Math.Pow(FirstDecay, step)));
    }

    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
