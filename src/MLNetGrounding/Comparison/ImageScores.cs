namespace MLNetGrounding.Comparison;

/// <summary>The scores of one image: all that is kept of it.</summary>
internal sealed class ImageScores
{
    private readonly int _queries;
    private readonly int _columns;
    private readonly ScoreStatus[] _statuses;
    private readonly float[] _scores;

    public ImageScores(string image, int entries, int queries, int columns)
    {
        Image = image;
        Lines = entries * queries;
        _queries = queries;
        _columns = columns;
        _statuses = new ScoreStatus[Lines];
        _scores = new float[Lines * columns];
        _scores.AsSpan().Fill(float.NaN);
    }

    /// <summary>What the image is called.</summary>
    public string Image { get; }

    /// <summary>The name of its file; empty where the data has none.</summary>
    public string File { get; init; } = "";

    /// <summary>Entries times queries: the image's lines in a file.</summary>
    public int Lines { get; }

    /// <summary>Whether nothing of the image could be computed.</summary>
    public bool Failed => Array.TrueForAll(_statuses, status => status == ScoreStatus.Failed);

    public int Line(int entry, int query) => (entry * _queries) + query;

    public ref ScoreStatus Status(int line) => ref _statuses[line];

    /// <summary>The scores of a line, in the order of their columns; NaN where there is none.</summary>
    public Span<float> Scores(int line) => _scores.AsSpan(line * _columns, _columns);

    /// <summary>Marks the image as one of which nothing could be computed.</summary>
    public void Fail()
    {
        _statuses.AsSpan().Fill(ScoreStatus.Failed);
        _scores.AsSpan().Fill(float.NaN);
    }
}
