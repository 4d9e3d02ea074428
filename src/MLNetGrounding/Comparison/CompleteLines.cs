using System.Text;

namespace MLNetGrounding.Comparison;

/// <summary>
/// Reads the lines of a stream that end in a line feed, and knows where each ends; one that does not was torn and is no line.
/// </summary>
internal sealed class CompleteLines(Stream stream) : IDisposable
{
    private readonly BufferedStream _stream = new(stream, 1 << 16);
    private readonly List<byte> _line = [];

    /// <summary>Where the last line that was read ends.</summary>
    public long Position { get; private set; }

    /// <summary>The number of the last line that was read, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The next line, or null at the end.</summary>
    public string? Next()
    {
        _line.Clear();
        for (int value = _stream.ReadByte(); value >= 0; value = _stream.ReadByte())
        {
            if (value == '\n')
            {
                Position += _line.Count + 1;
                Number++;
                return Encoding.UTF8.GetString([.. _line]);
            }

            _line.Add((byte)value);
        }

        return null;
    }

    /// <summary>Leaves the stream open.</summary>
    public void Dispose() => _line.Clear();
}
