using static TorchSharp.torch;

namespace MLNetGrounding.Samples.Checkpoints;

/// <summary>A tensor that <see cref="SafetensorsWriter"/> asks for when its turn comes.</summary>
internal sealed record TensorToWrite(string Name, ScalarType Type, long[] Shape, Func<Tensor> Values);
