using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.ML.Data;

namespace MLNetGrounding.Fuzz;

/// <summary>Image files.</summary>
internal sealed class ImageTarget : FuzzTarget
{
    private string FilePath => Path.Combine(Folder, "image");

    public override void Write(FuzzInput input)
    {
        byte[] changed = Mutator.Bytes(Choose(Images.Encoded, input.Seed), input.Changes);
        File.WriteAllBytes(FilePath, input.Part % 2 == 0 ? WithCheckSums(changed) : changed);
    }

    public override void Read()
    {
        using MLImage image = ImageFile.Load(FilePath, new ImageLoadingOptions { FloatRange = new FloatRange(0, 1) });
        Assert.AreEqual(4L * image.Width * image.Height, image.Pixels.Length);
    }

    public override bool IsTyped(Exception exception) => exception is InvalidDataException;

    /// <summary>A PNG whose chunks have the check sums of what is in them, so that decoders look at it; anything else as it is.</summary>
    private static byte[] WithCheckSums(byte[] file)
    {
        if (file.Length < 8 || file[1] != 'P' || file[2] != 'N')
        {
            return file;
        }

        for (long place = 8; place + 12 <= file.Length; )
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)place));
            if (place + 12 + length > file.Length)
            {
                break;
            }

            uint sum = Crc32.HashToUInt32(file.AsSpan((int)place + 4, (int)length + 4));
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan((int)(place + 8 + length)), sum);
            place += 12 + length;
        }

        return file;
    }
}
