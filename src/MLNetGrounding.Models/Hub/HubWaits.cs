namespace MLNetGrounding.Models.Hub;

/// <summary>How long a request that failed is put off.</summary>
internal static class HubWaits
{
    /// <summary>How often what fails is tried again.</summary>
    public const int MostRetries = 5;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(301);

    /// <summary>The wait before a retry, counted from 1: what the server asks for, else 1, 2, 4, 8 and 8 seconds.</summary>
    public static TimeSpan Before(int retry, ModelHubException failure) =>
        failure.RetryAfter is not { } asked ? TimeSpan.FromSeconds(1 << Math.Clamp(retry - 1, 0, 3))
        : asked < Longest ? asked
        : Longest;
}
