using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Samples.Checkpoints;

/// <summary>Writes safetensors files, one tensor in memory at a time.</summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes <paramref name="tensors"/> in order.</summary>
    /// <param name="path">The file to write; an existing one is replaced.</param>
    /// <param name="tensors">Name, type and shape of each tensor, with the function that makes its values (any device, converted to the
    /// type).</param>
    /// <param name="metadata">Free texts for the header.</param>
    public static void Write(string path, IReadOnlyList<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using FileStream stream = File.Create(path);
        stream.Write(Header(tensors, metadata));
        foreach (TensorToWrite tensor in tensors)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor values = tensor.Values().to(ScalarType.Float32).to(tensor.Type).cpu().contiguous();
            if (!values.shape.SequenceEqual(tensor.Shape))
            {
                throw new ArgumentException(
                    $"Tensor '{tensor.Name}' was announced as [{string.Join(", ", tensor.Shape)}], but has shape [{string.Join(", ", values.shape)}].",
                    nameof(tensors)
                );
            }

            stream.Write(values.bytes);
        }
    }

    private static byte[] Header(IReadOnlyList<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (TensorToWrite tensor in tensors)
            {
                long end = offset + tensor.Shape.Aggregate(1L, (product, size) => product * size) * StoredType.Size(tensor.Type);
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", StoredType.Name(tensor.Type));
                json.WriteStartArray("shape");
                foreach (long size in tensor.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                offset = end;
            }

            json.WriteEndObject();
        }

        int length = (int)buffer.Length;
        int padded = (length + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[sizeof(long) + padded];
        BinaryPrimitives.WriteInt64LittleEndian(header, padded);
        buffer.GetBuffer().AsSpan(0, length).CopyTo(header.AsSpan(sizeof(long)));
        Encoding.ASCII.GetBytes(new string(' ', padded - length)).CopyTo(header, sizeof(long) + length);
        return header;
    }
}
