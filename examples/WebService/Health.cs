namespace WebService;

/// <summary>What <c>/health</c> says.</summary>
internal sealed record Health(string Status, int Engines);
