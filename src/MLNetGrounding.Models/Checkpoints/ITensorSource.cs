using static TorchSharp.torch;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Where the weights of a model come from: a checkpoint, the meta device, random numbers, or a trainer's parameters.</summary>
/// <remarks>Building a model asks for every tensor of the architecture by its canonical name, so the architecture is stated once.</remarks>
internal interface ITensorSource
{
    /// <summary>Gives the tensor of that name and shape; the source stays its owner.</summary>
    Tensor Take(string name, params long[] shape);

    /// <summary>States that a tensor belongs to the architecture, though no computation here needs its values.</summary>
    void Skip(string name, params long[] shape);

    /// <summary>
    /// Whether the source has a tensor that the architecture allows and can do without. A source that makes its tensors has all.
    /// </summary>
    bool Holds(string name) => true;
}
