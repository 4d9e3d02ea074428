namespace MLNetGrounding.Samples.Dataset;

/// <summary>
/// Holds the attribute vocabulary of CUB-200-2011 in the order of its identifiers.
/// </summary>
internal static class CubAttributes
{
    private const string Colors = "blue brown iridescent purple rufous grey yellow olive green pink orange black white red buff";
    private const string EyeColors = "blue brown purple rufous grey yellow olive green pink orange black white red buff";
    private const string Patterns = "solid spotted striped multi-colored";

    private static readonly (string Category, string Values)[] Vocabulary =
    [
        ("has_bill_shape", "curved_(up_or_down) dagger hooked needle hooked_seabird spatulate all-purpose cone specialized"),
        ("has_wing_color", Colors),
        ("has_upperparts_color", Colors),
        ("has_underparts_color", Colors),
        ("has_breast_pattern", Patterns),
        ("has_back_color", Colors),
        ("has_tail_shape", "forked_tail rounded_tail notched_tail fan-shaped_tail pointed_tail squared_tail"),
        ("has_upper_tail_color", Colors),
        ("has_head_pattern", "spotted malar crested masked unique_pattern eyebrow eyering plain eyeline striped capped"),
        ("has_breast_color", Colors),
        ("has_throat_color", Colors),
        ("has_eye_color", EyeColors),
        ("has_bill_length", "about_the_same_as_head longer_than_head shorter_than_head"),
        ("has_forehead_color", Colors),
        ("has_under_tail_color", Colors),
        ("has_nape_color", Colors),
        ("has_belly_color", Colors),
        ("has_wing_shape", "rounded-wings pointed-wings broad-wings tapered-wings long-wings"),
        ("has_size", "large_(16_-_32_in) small_(5_-_9_in) very_large_(32_-_72_in) medium_(9_-_16_in) very_small_(3_-_5_in)"),
        (
            "has_shape",
            "upright-perching_water-like chicken-like-marsh long-legged-like duck-like owl-like gull-like hummingbird-like "
                + "pigeon-like tree-clinging-like hawk-like sandpiper-like upland-ground-like swallow-like perching-like"
        ),
        ("has_back_pattern", Patterns),
        ("has_tail_pattern", Patterns),
        ("has_belly_pattern", Patterns),
        ("has_primary_color", Colors),
        ("has_leg_color", Colors),
        ("has_bill_color", Colors),
        ("has_crown_color", Colors),
        ("has_wing_pattern", Patterns),
    ];

    private static readonly string[] AllNames =
    [
        .. Vocabulary.SelectMany(row => row.Values.Split(' ').Select(value => $"{row.Category}::{value}")),
    ];

    private static readonly Dictionary<string, int> Indices = AllNames
        .Select((name, index) => (name, index))
        .ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);

    /// <summary>Gets the names, <c>category::value</c>; a name's identifier is its index plus one.</summary>
    public static IReadOnlyList<string> Names => AllNames;

    /// <summary>Finds the index of a name.</summary>
    /// <exception cref="KeyNotFoundException">CUB has no such attribute.</exception>
    public static int IndexOf(string category, string value) => Indices[$"{category}::{value}"];

    public static string CategoryOf(int index) => AllNames[index][..AllNames[index].IndexOf("::", StringComparison.Ordinal)];
}
