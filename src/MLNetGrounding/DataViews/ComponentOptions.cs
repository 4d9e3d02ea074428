using System.Reflection;

namespace MLNetGrounding;

/// <summary>
/// What the options of all components have in common: a component keeps a copy of them, lists included, so that what becomes of them later
/// does not reach it, and checks them when it is made.
/// </summary>
/// <remarks>The class is closed: it exists so that the options share one implementation, not to be derived from.</remarks>
public abstract class ComponentOptions
{
    private const string ColumnNameEnd = "ColumnName";

    private protected ComponentOptions() { }

    /// <summary>A copy with lists of its own.</summary>
    internal ComponentOptions Copy()
    {
        var copy = (ComponentOptions)MemberwiseClone();
        copy.CopyLists();
        return copy;
    }

    /// <exception cref="ArgumentException">A column has no name, or an option has a value that it cannot have; the parameter name is the
    /// option's.</exception>
    internal void Check()
    {
        foreach (PropertyInfo property in GetType().GetProperties())
        {
            if (property.PropertyType == typeof(string) && property.Name.EndsWith(ColumnNameEnd, StringComparison.Ordinal))
            {
                string? name = (string?)property.GetValue(this);
                if (name is not null || !IsOptional(property))
                {
                    ArgumentException.ThrowIfNullOrEmpty(name, property.Name);
                }
            }
        }

        CheckValues();
    }

    /// <summary>Puts a copy in the place of each list.</summary>
    private protected virtual void CopyLists() { }

    /// <summary>Throws where an option has a value that it cannot have. Names of columns are checked already.</summary>
    private protected virtual void CheckValues() { }

    private static bool IsOptional(PropertyInfo property) =>
        new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
}
