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

    public static Tensor Apply(this Activation activation, Tensor input) =>
        activation switch
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
        // Each step lets go of the one before: the states here are the widest of a model.
        Tensor result = input * input;
        Next(result * input);
        Next(result.Times(0.044715));
        Next(input.Plus(result));
        Next(result.Times(Math.Sqrt(2 / Math.PI)));
        Next(result.tanh());
        Next(result.Plus(1));
        Next(result.Times(0.5));
        Next(input * result);
        return result;

        void Next(Tensor next)
        {
            result.Dispose();
            result = next;
        }
    }
}
