using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetGrounding.Saving;

/// <summary>How settings are written: by name, enumerations too, and nothing unknown is read.</summary>
/// <remarks>By reflection: the source generator forgets the defaults of init-only properties that a text leaves out.</remarks>
internal static class SavedJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new MapGridConverter() },
        IgnoreReadOnlyProperties = true,
        MaxDepth = 16,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
#if NET9_0_OR_GREATER
        RespectNullableAnnotations = true,
#endif
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };
}
