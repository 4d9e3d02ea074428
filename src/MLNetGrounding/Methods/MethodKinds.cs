using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLNetGrounding.Saving;

namespace MLNetGrounding.Methods;

/// <summary>
/// The kinds of methods that saved models may hold: this library's, which stand on the base record, and those that were registered.
/// </summary>
internal static class MethodKinds
{
    private const string Property = "Kind";

    private static readonly object Changing = new();
    private static readonly Dictionary<Type, string> Registered = [];

    private static readonly Dictionary<Type, string> Own = typeof(GroundingMethod)
        .GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
        .ToDictionary(each => each.DerivedType, each => (string)each.TypeDiscriminator!);

    public static void Register(Type type, string kind)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        if (!kind.Contains('.', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The kind '{kind}' has no dot. Put a name of your own before it, such as 'Contoso.{kind}'; kinds without one are this library's.",
                nameof(kind)
            );
        }

        lock (Changing)
        {
            if (Registered.TryGetValue(type, out string? known) && known == kind)
            {
                return;
            }

            if (type.IsAbstract || Own.ContainsKey(type) || known is not null)
            {
                string why = type.IsAbstract ? "is abstract, so that no method is of it" : $"has the kind '{known ?? Own[type]}' already";
                throw new ArgumentException($"'{type}' cannot be registered as '{kind}': it {why}.", nameof(kind));
            }

            if (Registered.FirstOrDefault(each => each.Value == kind).Key is { } other)
            {
                throw new ArgumentException($"The kind '{kind}' is that of '{other}' already. Give '{type}' another.", nameof(kind));
            }

            SavedJson.AddKind(typeof(GroundingMethod), type, kind);
            Registered.Add(type, kind);
        }
    }

    /// <exception cref="NotSupportedException">A method was written outside of this library and is not registered.</exception>
    public static void RequireSaveable(string component, IEnumerable<GroundingMethod> methods)
    {
        foreach (GroundingMethod method in methods)
        {
            if (!IsKnown(method.GetType()))
            {
                throw new NotSupportedException(
                    $"{component} cannot be saved: saved models have no name for the method '{method.Name}'. Call {nameof(GroundingMethods)}.{nameof(GroundingMethods.Register)}<{method.GetType().Name}>(\"Yours.{method.GetType().Name}\") where the program starts, here and wherever the model is loaded."
                );
            }
        }
    }

    /// <summary>Looks at the kinds of methods before they are made.</summary>
    /// <exception cref="JsonException">A kind is not known.</exception>
    public static void RequireKnown(JsonElement methods)
    {
        if (methods.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (JsonElement method in methods.EnumerateArray())
        {
            if (
                method.ValueKind == JsonValueKind.Object
                && method.TryGetProperty(Property, out JsonElement kind)
                && kind.ValueKind == JsonValueKind.String
                && !IsKnown(kind.GetString()!)
            )
            {
                throw new JsonException(
                    $"it holds a grounding method of the kind '{kind.GetString()}', which this program does not know. Where it was written outside of MLNetGrounding, call {nameof(GroundingMethods)}.{nameof(GroundingMethods.Register)} with its type and this name before loading."
                );
            }
        }
    }

    private static bool IsKnown(Type type)
    {
        lock (Changing)
        {
            return Own.ContainsKey(type) || Registered.ContainsKey(type);
        }
    }

    private static bool IsKnown(string kind)
    {
        lock (Changing)
        {
            return Own.ContainsValue(kind) || Registered.ContainsValue(kind);
        }
    }
}
