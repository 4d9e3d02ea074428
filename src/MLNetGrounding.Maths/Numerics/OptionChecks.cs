namespace MLNetGrounding.Maths.Numerics;

/// <summary>Range checks of options; the parameter name of each error is the option's.</summary>
internal static class OptionChecks
{
    public static void Share(double value, string option)
    {
        if (!(value >= 0 && value <= 1))
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} must lie between 0 and 1.");
        }
    }

    public static void NotNegative(double value, string option)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} must be a finite number of at least 0.");
        }
    }

    public static void Defined<TEnum>(TEnum value, string option)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} must be one of {string.Join(", ", Enum.GetNames<TEnum>())}.");
        }
    }
}
