namespace MLNetGrounding.Models.Hub;

/// <summary>A token, and where it comes from, in words that may be shown.</summary>
internal sealed record HubToken(string Value, string Origin)
{
    /// <summary>Says where the token comes from, never what it is.</summary>
    public override string ToString() => Origin;
}
