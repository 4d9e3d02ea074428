using static TorchSharp.torch;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Where one tensor lies in a safetensors file.</summary>
/// <param name="Name">The tensor's name as the file spells it.</param>
/// <param name="TypeName">The element type as the file spells it.</param>
/// <param name="Type">The element type, or <see langword="null"/> for one that is not supported.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Offset">First byte, from the start of the file.</param>
/// <param name="ByteLength">Number of bytes.</param>
internal sealed record SafetensorsEntry(string Name, string TypeName, ScalarType? Type, long[] Shape, long Offset, long ByteLength);
