using MLNetGrounding.Comparison;

namespace MLNetGrounding.Fuzz;

/// <summary>A scores file and the record beside it, to be gone on with.</summary>
internal sealed class ScoresTarget : FuzzTarget
{
    private static readonly ScoreEntry[] Entries = [new("First", MethodKind.Method, ""), new("Chance, drawn", MethodKind.Baseline, "")];
    private static readonly string[] Queries = ["beak", "eye"];
    private static readonly string[] Columns = ["hit", "area", "mpir"];
    private static readonly Dictionary<string, string> Settings = new() { ["format"] = "1", ["seed"] = "1" };

    private readonly byte[] _scores;
    private readonly byte[] _record;

    public ScoresTarget()
    {
        using (ScoreFile file = Open())
        {
            foreach (string image in new[] { "1", "a, \"b\"", "3" })
            {
                var scores = new ImageScores(image, Entries.Length, Queries.Length, Columns.Length);
                for (int line = 0; line < scores.Lines; line++)
                {
                    scores.Status(line) = (ScoreStatus)(line % 3);
                    scores.Scores(line).Fill(line == 1 ? float.NaN : line / 3f);
                }

                file.Add(scores);
            }
        }

        _scores = File.ReadAllBytes(FilePath);
        _record = File.ReadAllBytes(RecordPath);
    }

    private string FilePath => Path.Combine(Folder, "scores.csv");

    private string RecordPath => FilePath + ".settings.json";

    public override void Write(FuzzInput input)
    {
        bool record = input.Seed % 4 == 0;
        File.WriteAllBytes(FilePath, record ? _scores : Mutator.Text(_scores, input.Changes));
        File.WriteAllBytes(RecordPath, record ? Mutator.Text(_record, input.Changes) : _record);
    }

    public override void Read()
    {
        using ScoreFile file = Open();
        Assert.IsFalse(file.TryTake("no such image", out _));
    }

    public override bool IsTyped(Exception exception) => exception is InvalidDataException or InvalidOperationException;

    private ScoreFile Open() => ScoreFile.Open(FilePath, Settings, Entries, Queries, Columns);
}
