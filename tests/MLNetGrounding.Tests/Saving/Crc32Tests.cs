namespace MLNetGrounding;

[TestClass]
public sealed class Crc32Tests
{
    [TestMethod]
    public void TheCheckValueIsThatOfTheStandard() =>
        Assert.AreEqual(0xCBF43926, Crc32.Finish(Crc32.Append(Crc32.Start, "123456789"u8)));

    [TestMethod]
    public void EightBytesAtATimeGiveWhatBitsGive()
    {
        var random = new Random(1);
        byte[] bytes = new byte[100];
        random.NextBytes(bytes);
        for (int length = 0; length < bytes.Length; length++)
        {
            ReadOnlySpan<byte> all = bytes.AsSpan(0, length);
            int half = random.Next(length);

            uint whole = Crc32.Append(Crc32.Start, all);
            uint inTwo = Crc32.Append(Crc32.Append(Crc32.Start, all[..half]), all[half..]);

            Assert.AreEqual(ByBits(all), whole, $"{length}");
            Assert.AreEqual(whole, inTwo, $"{half} of {length}");
        }
    }

    private static uint ByBits(ReadOnlySpan<byte> bytes)
    {
        uint sum = Crc32.Start;
        foreach (byte each in bytes)
        {
            sum ^= each;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xEDB88320 : sum >> 1;
            }
        }

        return sum;
    }
}
