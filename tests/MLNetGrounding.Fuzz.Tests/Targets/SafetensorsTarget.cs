using System.Buffers.Binary;
using System.Text;
using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Fuzz;

/// <summary>Headers of weights, and files of weights.</summary>
internal sealed class SafetensorsTarget : FuzzTarget
{
    private static readonly string[] Headers =
    [
        """{"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]},"c":{"dtype":"F16","shape":[],"data_offsets":[32,34]}}""",
        """{"model.language_model.layers.0.self_attn.q_proj.weight":{"dtype":"I64","shape":[1,1,1],"data_offsets":[0,8]},"d":{"dtype":"F32","shape":[0,9],"data_offsets":[8,8]}}""",
        "{}",
    ];

    private string FilePath => Path.Combine(Folder, "model.safetensors");

    public override void Write(FuzzInput input)
    {
        byte[] header = Encoding.UTF8.GetBytes(Choose(Headers, input.Seed));
        // Half with a length that fits the changed header, so that what is in it is looked at.
        File.WriteAllBytes(
            FilePath,
            input.Part % 2 == 0 ? FileOf(Mutator.Text(header, input.Changes)) : Mutator.Bytes(FileOf(header), input.Changes)
        );
    }

    public override void Read()
    {
        var file = SafetensorsFile.Open(FilePath);
        foreach (SafetensorsEntry entry in file.Entries.Values)
        {
            Assert.IsTrue(
                entry.Offset >= 8 && entry.ByteLength >= 0 && entry.Offset + entry.ByteLength <= new FileInfo(FilePath).Length,
                entry.Name
            );
        }
    }

    public override bool IsTyped(Exception exception) => exception is CheckpointException;

    private static byte[] FileOf(byte[] header)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. new byte[34]];
    }
}
