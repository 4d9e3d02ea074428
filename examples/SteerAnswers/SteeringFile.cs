using System.Globalization;
using System.Text;

namespace SteerAnswers;

/// <summary>
/// The answers in a file that only grows: an image's lines are written together once it is done, so that an interrupted run goes on behind
/// the last whole image.
/// </summary>
internal sealed class SteeringFile : IDisposable
{
    private const string Header = "image,word,steering,bias,answer,right,probability\n";
    private const int Fields = 7;

    private readonly IReadOnlyList<Steering> _steerings;
    private readonly FileStream _stream;
    private readonly Dictionary<string, SteeredAnswer[]> _done = new(StringComparer.Ordinal);

    private SteeringFile(string path, IReadOnlyList<Steering> steerings)
    {
        _steerings = steerings;
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
    }

    /// <summary>Opens or makes the file; what an interruption left of an image is cut off.</summary>
    /// <exception cref="InvalidDataException">A line before the last image is not one of this table.</exception>
    public static SteeringFile Open(string path, IReadOnlyList<Steering> steerings)
    {
        SteeringFile file = new(path, steerings);
        try
        {
            file.ReadDone(path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The answers about an image that an earlier run asked for.</summary>
    public bool TryTake(SteeredPart part, out SteeredAnswer[]? answers) => _done.Remove(part.ImagePath, out answers);

    /// <summary>Appends an image; it is in the file when this returns.</summary>
    public void Add(SteeredPart part, IReadOnlyList<SteeredAnswer> answers)
    {
        StringBuilder text = new();
        for (int index = 0; index < answers.Count; index++)
        {
            string[] fields =
            [
                Quoted(part.ImagePath),
                part.Word,
                Quoted(_steerings[index].Name),
                _steerings[index].BiasText,
                Quoted(answers[index].Answer),
                answers[index].IsRight ? "1" : "0",
                answers[index].Probability.ToString("R", CultureInfo.InvariantCulture),
            ];
            text.Append(string.Join(',', fields)).Append('\n');
        }

        Write(text.ToString());
    }

    public void Dispose() => _stream.Dispose();

    private void Write(string text)
    {
        _stream.Write(Encoding.UTF8.GetBytes(text));
        _stream.Flush(flushToDisk: true);
    }

    private void ReadDone(string path)
    {
        byte[] bytes = new byte[_stream.Length];
        _stream.ReadExactly(bytes);
        string text = Encoding.UTF8.GetString(bytes);
        int end = 0;
        if (text.StartsWith(Header, StringComparison.Ordinal))
        {
            end = Header.Length;
            while (ReadImage(text, end, path) is { } next)
            {
                end = next;
            }
        }
        else if (text.Contains('\n'))
        {
            throw new InvalidDataException(
                $"'{path}' does not begin with '{Header.TrimEnd()}'. Restore the file, or delete it to start again."
            );
        }

        long length = Encoding.UTF8.GetByteCount(text.AsSpan(0, end));
        _stream.SetLength(length);
        _stream.Position = length;
        if (end == 0)
        {
            Write(Header);
        }
    }

    /// <summary>Reads an image; where it ends, or null where not all its lines are there.</summary>
    private int? ReadImage(string text, int start, string path)
    {
        var answers = new SteeredAnswer[_steerings.Count];
        string image = "";
        for (int index = 0; index < answers.Length; index++)
        {
            if (NextLine(text, ref start) is not { } line)
            {
                return null;
            }

            List<string> fields = Split(line);
            image = index == 0 ? fields[0] : image;
            if (
                fields.Count != Fields
                || fields[0] != image
                || fields[2] != _steerings[index].Name
                || fields[3] != _steerings[index].BiasText
                || !double.TryParse(fields[6], CultureInfo.InvariantCulture, out double probability)
            )
            {
                throw new InvalidDataException(
                    $"'{path}' holds '{line}' where the answer of image '{image}' under '{_steerings[index].Name}', bias '{_steerings[index].BiasText}', was expected. Restore the file, or delete it to start again."
                );
            }

            answers[index] = new SteeredAnswer(fields[4], fields[5] == "1", probability);
        }

        _done[image] = answers;
        return start;
    }

    /// <summary>A whole line, whose quoted fields may hold line breaks; null where the text ends before it does.</summary>
    private static string? NextLine(string text, ref int start)
    {
        bool quoted = false;
        for (int index = start; index < text.Length; index++)
        {
            quoted ^= text[index] == '"';
            if (text[index] == '\n' && !quoted)
            {
                string line = text[start..index];
                start = index + 1;
                return line;
            }
        }

        return null;
    }

    private static List<string> Split(string line)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int index = 0; index < line.Length; index++)
        {
            if (line[index] == '"')
            {
                bool doubled = quoted && index + 1 < line.Length && line[index + 1] == '"';
                if (doubled)
                {
                    field.Append('"');
                    index++;
                }
                else
                {
                    quoted = !quoted;
                }
            }
            else if (line[index] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[index]);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }

    private static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
