using MLNetGrounding.Samples.Birds;

namespace MLNetGrounding.Samples.Dataset;

/// <summary>
/// The one table from a part to the CUB attribute categories that its color answers.
/// </summary>
internal static class PartAttributes
{
    private static readonly string[][] Categories =
    [
        /* beak */["has_bill_color"],
        /* belly */["has_belly_color", "has_underparts_color"],
        /* breast */["has_breast_color", "has_underparts_color"],
        /* head */["has_crown_color", "has_forehead_color", "has_nape_color"],
        /* wing */["has_wing_color", "has_upperparts_color"],
        /* eye */["has_eye_color"],
        /* tail */["has_upper_tail_color", "has_under_tail_color"],
        /* throat */["has_throat_color", "has_underparts_color"],
        /* back */["has_back_color", "has_upperparts_color"],
        /* leg */["has_leg_color"],
    ];

    /// <summary>Gets the categories of a part, the one to ask for first.</summary>
    public static IReadOnlyList<string> CategoriesOf(BirdPart part) => Categories[(int)part];
}
