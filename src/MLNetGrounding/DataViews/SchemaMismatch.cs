namespace MLNetGrounding.DataViews;

/// <summary>
/// The exception for columns that are missing or do not fit. Its parameter is the schema, whichever method found the fault.
/// </summary>
internal static class SchemaMismatch
{
    private static readonly string Parameter = "inputSchema";

    public static ArgumentOutOfRangeException Because(string message) => new(Parameter, message);
}
