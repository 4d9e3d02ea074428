namespace MLNetGrounding.Report;

internal static class ReportNumber
{
    private const int Digits = 5;

    /// <summary>As many digits as the page shows; <see langword="null"/> where there is no number, since JSON has none for it.</summary>
    public static double? Of(double value) => double.IsFinite(value) ? Math.Round(value, Digits) : null;
}
