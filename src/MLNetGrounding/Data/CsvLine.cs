using System.Globalization;
using System.Text;

namespace MLNetGrounding.Data;

/// <summary>
/// Fields of one record, separated by commas and quoted where they must be (RFC 4180). A spreadsheet would compute text that begins like a
/// formula, so an apostrophe is put before it, and taken away when the record is read.
/// </summary>
internal static class CsvLine
{
    private const char Apostrophe = '\'';

    public static string Join(IEnumerable<string> fields) =>
        string.Join(',', fields.Select(field => Quoted(IsFormula(field) ? Apostrophe + field : field)));

    /// <summary>The fields of a record that is one line.</summary>
    public static List<string> Split(string line)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        bool quoted = false;
        for (int index = 0; index < line.Length; index++)
        {
            char character = line[index];
            if (character == '"')
            {
                // A doubled quote within quotes is a quote.
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
            else if (character == ',' && !quoted)
            {
                fields.Add(Text(field));
                field.Clear();
            }
            else
            {
                field.Append(character);
            }
        }

        fields.Add(Text(field));
        return fields;
    }

    private static string Text(StringBuilder field)
    {
        string text = field.ToString();
        return text.StartsWith(Apostrophe) && IsFormula(text.AsSpan(1)) ? text[1..] : text;
    }

    /// <summary>Whether text begins like a formula, behind any number of apostrophes.</summary>
    private static bool IsFormula(ReadOnlySpan<char> field)
    {
        ReadOnlySpan<char> text = field.TrimStart(Apostrophe);
        return text is ['=' or '@' or '\t' or '\r', ..]
            || (text is ['+' or '-', ..] && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
    }

    private static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
