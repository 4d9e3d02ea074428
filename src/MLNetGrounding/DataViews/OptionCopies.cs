namespace MLNetGrounding.DataViews;

internal static class OptionCopies
{
    /// <summary>A copy with lists of its own, not checked.</summary>
    public static TOptions Copied<TOptions>(this TOptions options)
        where TOptions : ComponentOptions => (TOptions)options.Copy();

    /// <summary>A copy with lists of its own.</summary>
    /// <exception cref="ArgumentException">An option has a value that it cannot have; the parameter name is the option's.</exception>
    public static TOptions CheckedCopy<TOptions>(this TOptions options)
        where TOptions : ComponentOptions
    {
        TOptions copy = options.Copied();
        copy.Check();
        return copy;
    }
}
