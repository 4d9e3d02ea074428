using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using MLNetGrounding.MlNet;

namespace MLNetGrounding.Saving;

/// <summary>The bytes of one component in a model: a text, in an envelope of length and hash.</summary>
/// <remarks>
/// After ML.NET's own header: the length of the text in bytes (4 bytes, little-endian), its SHA-256 (32 bytes), the text.
/// </remarks>
internal static class ComponentText
{
    /// <summary>The settings of a component are a few kilobytes; what was learned from data may be more.</summary>
    public const int LongestText = 64 << 20;

    private const string Signature = "GROUNDNG";

    /// <summary>The version of the envelope. What is in it has versions of its own, see <see cref="SavedComponent"/>.</summary>
    private const uint Version = 0x00010001;

    public static void Write(ModelSaveContext context, byte[] text) =>
        ModelStream.Write(
            context,
            Signature,
            Version,
            writer =>
            {
                writer.Write(text.Length);
                writer.Write(SHA256.HashData(text));
                writer.Write(text);
            }
        );

    public static byte[] Read(StoredComponent stored)
    {
        if (stored.Signature != BinaryPrimitives.ReadUInt64LittleEndian(Encoding.ASCII.GetBytes(Signature)))
        {
            throw new SavedModelException("The saved model names a component of MLNetGrounding, but holds something else.");
        }

        if (stored.Version > Version)
        {
            throw new SavedModelException(
                $"The saved model has envelope version {stored.Version:x8}; this version of MLNetGrounding reads up to {Version:x8}. Load it with the version that saved it, or a later one."
            );
        }

        const int envelope = sizeof(int) + SHA256.HashSizeInBytes;
        int length = stored.Length < envelope ? -1 : stored.Content.ReadInt32();
        if (length < 0 || length > LongestText || length != stored.Length - envelope)
        {
            throw new SavedModelException($"The saved model is damaged: a component of {stored.Length} bytes claims a text of {length}.");
        }

        byte[] hash = stored.Content.ReadBytes(SHA256.HashSizeInBytes);
        byte[] text = stored.Content.ReadBytes(length);
        return text.Length == length && CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(text))
            ? text
            : throw new SavedModelException(
                "The saved model is damaged: the text of a component does not have the hash that was saved with it."
            );
    }
}
