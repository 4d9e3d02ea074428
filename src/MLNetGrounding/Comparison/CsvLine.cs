using System.Text;

namespace MLNetGrounding.Comparison;

/// <summary>Fields of one record, separated by commas and quoted where they must be (RFC 4180).</summary>
internal static class CsvLine
{
    public static string Join(IEnumerable<string> fields) => string.Join(',', fields.Select(Quoted));

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
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(character);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }

    private static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
