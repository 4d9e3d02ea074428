using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MLNetGrounding.Saving;

/// <summary>How settings are written: by name, enumerations too, and nothing unknown is read.</summary>
/// <remarks>By reflection: the source generator forgets the defaults of init-only properties that a text leaves out.</remarks>
internal static class SavedJson
{
    private static volatile JsonSerializerOptions _options = Create([]);
    private static (Type Base, Type Type, string Kind)[] _kinds = [];

    public static JsonSerializerOptions Options => _options;

    /// <summary>Adds a kind to a record that is written by kinds; one call at a time.</summary>
    public static void AddKind(Type baseType, Type type, string kind)
    {
        _kinds = [.. _kinds, (baseType, type, kind)];

        // Options are fixed once they were used.
        _options = Create(_kinds);
    }

    private static JsonSerializerOptions Create((Type Base, Type Type, string Kind)[] kinds) =>
        new()
        {
            Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new MapGridConverter() },
            IgnoreReadOnlyProperties = true,
            MaxDepth = 16,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
#if NET9_0_OR_GREATER
            RespectNullableAnnotations = true,
#endif
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { info => AddTo(info, kinds) } },
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        };

    private static void AddTo(JsonTypeInfo info, (Type Base, Type Type, string Kind)[] kinds)
    {
        foreach ((Type baseType, Type type, string kind) in kinds)
        {
            if (baseType == info.Type)
            {
                info.PolymorphismOptions!.DerivedTypes.Add(new JsonDerivedType(type, kind));
            }
        }
    }
}
