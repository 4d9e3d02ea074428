using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Data;

namespace MLNetGrounding.Tool;

/// <summary>
/// What a run writes: <c>run.json</c>, <c>regions.csv</c>, <c>maps.jsonl</c> and overlays. An image's lines are written when it is done.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string RecordName = "run.json";
    private const string MapsName = "maps.jsonl";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };
    private static readonly JsonSerializerOptions Short = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly StreamWriter _regions;
    private readonly StreamWriter _maps;
    private readonly double _threshold;

    private RunFolder(string folder, double threshold)
    {
        OverlayFolder = Path.Combine(folder, "overlays");
        RegionsPath = Path.Combine(folder, "regions.csv");
        _threshold = threshold;
        _regions = new StreamWriter(RegionsPath) { NewLine = "\n", AutoFlush = true };
        _maps = new StreamWriter(Path.Combine(folder, MapsName)) { NewLine = "\n", AutoFlush = true };
        _regions.WriteLine("image,word,status,x,y,width,height,area,boxes");
    }

    public string OverlayFolder { get; }

    public string RegionsPath { get; }

    public static RunFolder Create(string folder, RunSettings record)
    {
        RunFolder created = new(folder, record.Threshold);
        if (Directory.Exists(created.OverlayFolder))
        {
            foreach (string overlay in Directory.EnumerateFiles(created.OverlayFolder, "*.png"))
            {
                File.Delete(overlay);
            }
        }

        // Of an earlier run.
        foreach (string old in (string[])[RunScores.ScoresName, RunScores.ScoresName + ".settings.json", RunScores.TableName])
        {
            File.Delete(Path.Combine(folder, old));
        }

        File.WriteAllText(Path.Combine(folder, RecordName), JsonSerializer.Serialize(record, Readable) + "\n");
        return created;
    }

    /// <summary>Reads a run.</summary>
    /// <exception cref="CommandException">The folder holds none.</exception>
    public static (RunSettings Record, IEnumerable<RunRow> Rows) Read(string folder)
    {
        string record = Path.Combine(folder, RecordName);
        string maps = Path.Combine(folder, MapsName);
        if (!File.Exists(record) || !File.Exists(maps))
        {
            throw new CommandException(
                $"'{folder}' holds no run: {RecordName} and {MapsName} were expected, as 'grounding IMAGES --out {folder}' writes them."
            );
        }

        try
        {
            return (JsonSerializer.Deserialize<RunSettings>(File.ReadAllText(record))!, ReadRows(maps));
        }
        catch (JsonException exception)
        {
            throw new CommandException($"'{record}' is damaged: {exception.Message}");
        }
    }

    public void Add(Subject subject, GroundingPrediction prediction)
    {
        string path = subject.Path;
        foreach (GroundedQuery query in prediction.Queries)
        {
            PixelBox? box = query.Region.Box;
            _regions.WriteLine(
                string.Join(
                    ',',
                    (string[])
                        [
                            Quoted(path),
                            Quoted(query.Name),
                            box is null ? "nowhere" : "found",
                            Number(box?.X),
                            Number(box?.Y),
                            Number(box?.Width),
                            Number(box?.Height),
                            query.Region.Area.ToString("0.######", CultureInfo.InvariantCulture),
                            Number(query.Region.Boxes.Count),
                        ]
                )
            );
        }

        float[] geometry = new float[ImageGeometry.Length];
        prediction.Geometry!.Value.CopyTo(geometry);
        float[] maps = [.. prediction.Queries.SelectMany(query => query.Map.ToArray())];
        _maps.WriteLine(
            JsonSerializer.Serialize(
                new RunRow(path, geometry, MemoryMarshal.AsBytes(maps.AsSpan()).ToArray())
                {
                    Id = subject.Annotations is null ? null : subject.Id,
                    Label = subject.Label.Length > 0 ? subject.Label : null,
                    Annotations = subject.Annotations,
                },
                Short
            )
        );
    }

    public void AddFailed(string path)
    {
        _regions.WriteLine($"{Quoted(path)},,failed,,,,,,");
        _maps.WriteLine(JsonSerializer.Serialize(new RunRow(path, null, null)));
    }

    public void Draw(string path, int index, MLImage image, GroundingPrediction prediction)
    {
        Directory.CreateDirectory(OverlayFolder);
        using GroundingOverlay plain = new(image, prediction.Geometry!.Value);
        foreach ((GroundedQuery query, int number) in prediction.Queries.Select((query, number) => (query, number)))
        {
            using GroundingOverlay overlay = plain.Copy();
            overlay.DrawMap(query.Map.Span).DrawRegion(query.Map.Span, _threshold);
            if (query.Region.Box is { } box)
            {
                overlay.DrawBox(box.X, box.Y, box.Width, box.Height);
            }

            string word = string.Concat(query.Name.Select(character => char.IsLetterOrDigit(character) ? character : '-'));
            overlay
                .DrawLabel(query.Name)
                .Save(
                    Path.Combine(
                        OverlayFolder,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{index + 1:0000}-{Path.GetFileNameWithoutExtension(path)}-{number + 1}-{word}.png"
                        )
                    )
                );
        }
    }

    public void Dispose()
    {
        _regions.Dispose();
        _maps.Dispose();
    }

    private static IEnumerable<RunRow> ReadRows(string path)
    {
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            RunRow row;
            try
            {
                row = JsonSerializer.Deserialize<RunRow>(line)!;
            }
            catch (JsonException exception)
            {
                throw new CommandException($"'{path}', line {number}, is damaged: {exception.Message}");
            }

            yield return row;
        }
    }

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(string field)
    {
        // A spreadsheet would compute a name that begins like a formula.
        string text = field is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + field : field;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
