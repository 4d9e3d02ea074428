using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Layers;

/// <summary>Reads and computes <see cref="Activation"/>s.</summary>
internal static class Activations
{
    private const double QuickSlope = 1.702;

    private static readonly (string Name, Activation Value)[] Names =
    [
        ("gelu", Activation.Gelu),
        ("gelu_pytorch_tanh", Activation.TanhGelu),
        ("quick_gelu", Activation.QuickGelu),
        ("silu", Activation.Silu),
        ("swish", Activation.Silu),
        ("relu", Activation.Relu),
        ("gelu_new", Activation.TanhGelu),
    ];

    /// <summary>Reads the name of one; another name is refused.</summary>
    public static Activation Read(JsonSettings settings, string key, Activation otherwise) => settings.Choice(key, Names, otherwise);

    /// <summary>The name that is written.</summary>
    public static string NameOf(Activation activation) => Array.Find(Names, name => name.Value == activation).Name;

    public static Tensor Apply(this Activation activation, Tensor input) => activation switch
    {
        Activation.Gelu => nn.functional.gelu(input),
        Activation.TanhGelu => TanhGelu(input),
        Activation.QuickGelu => input * sigmoid(input.Times(QuickSlope)),
        Activation.Silu => nn.functional.silu(input),
        _ => nn.functional.relu(input),
    };

    /// <summary>TorchSharp's own gelu is the exact one only.</summary>
    private static Tensor TanhGelu(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor cubed = input * input * input;
        Tensor inner = input.Plus(cubed.Times(0.044715)).Times(Math.Sqrt(2 / Math.PI)).tanh().Plus(1);
        return (input.Times(0.5) * inner).MoveToOuterDisposeScope();
    }
}
