using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Capture;

/// <summary>The queries of a golden checkpoint's prompt as token ids.</summary>
internal static class GoldenQueries
{
    public static IReadOnlyList<AttentionQuery> All(GoldenPrompt prompt) => [.. prompt.Suffixes.Select((_, query) => Query(prompt, query))];

    public static AttentionQuery Query(GoldenPrompt prompt, int query) =>
        new()
        {
            Name = $"q{query}",
            Role = query == prompt.CoarseQuery ? QueryRole.Coarse : QueryRole.Fine,
            TokenIds = prompt.Suffixes[query],
            TokenPositions = [prompt.TargetInSuffix[query]],
        };

    public static CaptureOptions Options(GoldenPrompt prompt) => new() { PrefixTokenIds = prompt.Prefix };
}
