namespace MLNetGrounding.Models.Layers;

/// <summary>The functions between two linear layers, by the names that checkpoints state.</summary>
internal enum Activation
{
    /// <summary>x Φ(x), exactly.</summary>
    Gelu,

    /// <summary>x Φ(x) by its approximation with a hyperbolic tangent.</summary>
    TanhGelu,

    /// <summary>x σ(1.702 x).</summary>
    QuickGelu,

    /// <summary>x σ(x).</summary>
    Silu,

    /// <summary>The larger of x and 0.</summary>
    Relu,
}
