using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Cars;

/// <summary>
/// Tells how regions, parts and key points belong together.
/// </summary>
internal static class CarAnatomy
{
    private static readonly CarPart[] RegionParts =
    [
        CarPart.Wheel,
        CarPart.Wheel,
        CarPart.Door,
        CarPart.Door,
        CarPart.Window,
        CarPart.Window,
        CarPart.Light,
        CarPart.Light,
        CarPart.Roof,
        CarPart.Body,
        CarPart.Bumper,
        CarPart.Bumper,
        CarPart.Mirror,
        CarPart.Hood,
        CarPart.Trunk,
    ];

    private static readonly string[] PartWords = ["wheel", "door", "window", "light", "roof", "body", "bumper", "mirror", "hood", "trunk"];

    private static readonly string[] RegionWords =
    [
        "front wheel",
        "rear wheel",
        "front door",
        "rear door",
        "front window",
        "rear window",
        "front light",
        "rear light",
        "roof",
        "body",
        "front bumper",
        "rear bumper",
        "mirror",
        "hood",
        "trunk",
    ];

    /// <summary>Gets the words that questions ask for, in the order of <see cref="CarPart"/>.</summary>
    public static IReadOnlyList<string> PartNames => PartWords;

    /// <summary>Gets the names of regions and their key points, in the order of <see cref="CarRegion"/>.</summary>
    public static IReadOnlyList<string> KeyPointNames => RegionWords;

    /// <summary>Gets parts and regions as renderers know them.</summary>
    public static FigureAnatomy Figure { get; } = new(PartWords, [.. RegionParts.Select(part => (int)part)]);

    public static CarPart PartOf(CarRegion region) => RegionParts[(int)region];
}
