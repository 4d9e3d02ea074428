using System.Globalization;

namespace GroundBirds;

/// <summary>Writes one line per image and query, as soon as the image is done.</summary>
internal sealed class ScoreFile : IDisposable
{
    private readonly StreamWriter _writer;
    private readonly IReadOnlyList<string> _queries;
    private readonly string _model;

    public ScoreFile(string path, IReadOnlyList<string> queries, string model)
    {
        _queries = queries;
        _model = model;
        _writer = new StreamWriter(path) { NewLine = "\n" };
        _writer.WriteLine("image_id,image,species,query,status,hit,area,mpir,kept_heads,model");
        _writer.Flush();
    }

    public void Add(GroundedRow row)
    {
        for (int query = 0; query < _queries.Count; query++)
        {
            string status =
                row.Failed ? "failed"
                : float.IsNaN(row.Mpir[query]) ? "not scored"
                : "scored";
            string[] fields =
            [
                row.ImageId.ToString(CultureInfo.InvariantCulture),
                row.ImagePath,
                row.Species,
                _queries[query],
                status,
                Number(row.Hit[query]),
                Number(row.Area[query]),
                Number(row.Mpir[query]),
                Number(row.Failed ? double.NaN : row.KeptShareOf(query)),
                _model,
            ];
            _writer.WriteLine(string.Join(',', fields.Select(Quoted)));
        }

        _writer.Flush();
    }

    public void Dispose() => _writer.Dispose();

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Quoted(string field)
    {
        // A spreadsheet would compute a name that begins like a formula.
        string text =
            field is ['=' or '+' or '-' or '@' or '\t' or '\r', ..]
            && !double.TryParse(field, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
                ? "'" + field
                : field;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
