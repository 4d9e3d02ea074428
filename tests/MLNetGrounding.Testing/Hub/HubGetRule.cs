namespace MLNetGrounding.Testing.Hub;

/// <summary>What one GET of a file's content does; all null: it is answered as usual.</summary>
public sealed record HubGetRule
{
    /// <summary>The bytes that are sent before the connection ends.</summary>
    public int? Cut { get; init; }

    /// <summary>Whether it ends by a reset.</summary>
    public bool IsReset { get; init; }

    /// <summary>Whether the length is not stated.</summary>
    public bool IsOpen { get; init; }

    public int? Status { get; init; }

    /// <summary>Further headers.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    public string Body { get; init; } = "";
}
