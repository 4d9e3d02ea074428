using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// Tells how regions, parts and key points belong together.
/// </summary>
internal static class BirdAnatomy
{
    public const int PartCount = 10;

    public const int RegionCount = 14;

    public const int KeyPointCount = 15;

    private static readonly BirdPart[] RegionParts =
    [
        BirdPart.Beak,
        BirdPart.Belly,
        BirdPart.Breast,
        BirdPart.Head,
        BirdPart.Head,
        BirdPart.Head,
        BirdPart.Head,
        BirdPart.Wing,
        BirdPart.Eye,
        BirdPart.Tail,
        BirdPart.Throat,
        BirdPart.Back,
        BirdPart.Leg,
        BirdPart.Leg,
    ];

    private static readonly string[] PartWords = ["beak", "belly", "breast", "head", "wing", "eye", "tail", "throat", "back", "leg"];

    private static readonly string[] KeyPointWords =
    [
        "back",
        "beak",
        "belly",
        "breast",
        "crown",
        "forehead",
        "left eye",
        "left leg",
        "left wing",
        "nape",
        "right eye",
        "right leg",
        "right wing",
        "tail",
        "throat",
    ];

    /// <summary>Gets parts and regions as renderers know them.</summary>
    public static FigureAnatomy Figure { get; } = new(PartWords, [.. RegionParts.Select(part => (int)part)]);

    /// <summary>Gets the words that questions ask for, in the order of <see cref="BirdPart"/>.</summary>
    public static IReadOnlyList<string> PartNames => PartWords;

    /// <summary>Gets CUB's names of the key points, in the order of <see cref="BirdKeyPoint"/>.</summary>
    public static IReadOnlyList<string> KeyPointNames => KeyPointWords;

    public static BirdPart PartOf(BirdRegion region) => RegionParts[(int)region];

    /// <summary>Finds the region that a key point lies on; a side view hides the eye and the wing of the far side.</summary>
    public static BirdRegion? RegionOf(BirdKeyPoint keyPoint, bool facingLeft) =>
        keyPoint switch
        {
            BirdKeyPoint.Back => BirdRegion.Back,
            BirdKeyPoint.Beak => BirdRegion.Beak,
            BirdKeyPoint.Belly => BirdRegion.Belly,
            BirdKeyPoint.Breast => BirdRegion.Breast,
            BirdKeyPoint.Crown => BirdRegion.Crown,
            BirdKeyPoint.Forehead => BirdRegion.Forehead,
            BirdKeyPoint.LeftEye => facingLeft ? BirdRegion.Eye : null,
            BirdKeyPoint.LeftLeg => facingLeft ? BirdRegion.NearLeg : BirdRegion.FarLeg,
            BirdKeyPoint.LeftWing => facingLeft ? BirdRegion.Wing : null,
            BirdKeyPoint.Nape => BirdRegion.Nape,
            BirdKeyPoint.RightEye => facingLeft ? null : BirdRegion.Eye,
            BirdKeyPoint.RightLeg => facingLeft ? BirdRegion.FarLeg : BirdRegion.NearLeg,
            BirdKeyPoint.RightWing => facingLeft ? null : BirdRegion.Wing,
            BirdKeyPoint.Tail => BirdRegion.Tail,
            BirdKeyPoint.Throat => BirdRegion.Throat,
            _ => throw new ArgumentOutOfRangeException(nameof(keyPoint)),
        };
}
