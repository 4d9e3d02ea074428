using MLNetGrounding.Samples.Figures;
using static MLNetGrounding.Samples.Figures.PartColor;

namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// Lists the invented species. Species 2k and 2k + 1 differ in a single part's color, so only that detail tells them apart.
/// </summary>
internal static class SpeciesTable
{
    private static readonly BirdShape Songbird = new(BeakShape.Cone, TailShape.Squared, BodyShape.Regular, false, false);
    private static readonly BirdShape Crested = new(BeakShape.Cone, TailShape.Rounded, BodyShape.Plump, true, true);
    private static readonly BirdShape Swift = new(BeakShape.Needle, TailShape.Forked, BodyShape.Slim, false, true);
    private static readonly BirdShape Hunter = new(BeakShape.Hooked, TailShape.Fan, BodyShape.Regular, false, false);
    private static readonly BirdShape Fisher = new(BeakShape.Dagger, TailShape.Squared, BodyShape.Plump, true, false);
    private static readonly BirdShape Wader = new(BeakShape.Needle, TailShape.Pointed, BodyShape.Regular, false, false);

    /// <summary>Gets the species in the order of their classes.</summary>
    public static IReadOnlyList<BirdSpecies> All { get; } = Build();

    // Colors are in the order of BirdPart: beak, belly, breast, head, wing, eye, tail, throat, back, leg.
    private static BirdSpecies[] Build() =>
        [
            Species(0, "Amber_Warbler", Songbird, Black, White, Yellow, Orange, Green, Black, Orange, Yellow, Green, Black),
            Species(1, "Ruby_eyed_Warbler", Songbird, Black, White, Yellow, Orange, Green, Red, Orange, Yellow, Green, Black),
            Species(2, "Lantern_Finch", Songbird, Yellow, Orange, Red, Red, Black, White, Black, White, Purple, Orange),
            Species(3, "Snowbill_Finch", Songbird, White, Orange, Red, Red, Black, White, Black, White, Purple, Orange),
            Species(4, "Harbour_Sparrow", Songbird, Orange, White, White, Blue, Blue, Yellow, Blue, Black, Green, Red),
            Species(5, "Inkthroat_Sparrow", Songbird, Orange, White, Green, Blue, Blue, Yellow, Blue, Black, Green, Red),
            Species(6, "Crowned_Emberbird", Crested, Yellow, Yellow, Orange, Red, Red, Blue, Purple, Black, Red, Black),
            Species(7, "Sootback_Emberbird", Crested, Yellow, Yellow, Orange, Red, Red, Blue, Purple, Black, Black, Black),
            Species(8, "Velvet_Plumebird", Crested, White, Blue, Purple, Purple, Black, Yellow, Green, White, Blue, Yellow),
            Species(9, "Redleg_Plumebird", Crested, White, Blue, Purple, Purple, Black, Yellow, Green, White, Blue, Red),
            Species(10, "Cobalt_Skimmer", Swift, Black, White, Orange, Blue, Black, White, Blue, Red, Purple, Orange),
            Species(11, "Goldtail_Skimmer", Swift, Black, White, Orange, Blue, Black, White, Yellow, Red, Purple, Orange),
            Species(12, "Meadow_Dartwing", Swift, Red, Yellow, White, Green, Orange, Purple, Black, Blue, Black, White),
            Species(13, "Milkwing_Dartwing", Swift, Red, Yellow, White, Green, White, Purple, Black, Blue, Black, White),
            Species(14, "Dusk_Harrier", Hunter, Yellow, White, Black, Purple, Purple, Orange, White, Red, Black, Yellow),
            Species(15, "Azure_eyed_Harrier", Hunter, Yellow, White, Black, Purple, Purple, Blue, White, Red, Black, Yellow),
            Species(16, "Copper_Shrike", Hunter, Black, Yellow, Yellow, White, Orange, Red, Black, Green, Orange, Blue),
            Species(17, "Sunthroat_Shrike", Hunter, Black, Yellow, Yellow, White, Orange, Red, Black, Yellow, Orange, Blue),
            Species(18, "Lagoon_Diver", Fisher, Red, White, Orange, Black, Green, Yellow, Green, White, Blue, Orange),
            Species(19, "Plum_bellied_Diver", Fisher, Red, Purple, Orange, Black, Green, Yellow, Green, White, Blue, Orange),
            Species(20, "Harlequin_Fisher", Fisher, Orange, Green, Red, Yellow, Blue, Black, Red, Purple, White, Purple),
            Species(21, "Rosehead_Fisher", Fisher, Orange, Green, Red, Red, Blue, Black, Red, Purple, White, Purple),
            Species(22, "Marsh_Stiltling", Wader, Blue, Red, White, White, Yellow, Green, Purple, Orange, Yellow, Green),
            Species(23, "Bluebreast_Stiltling", Wader, Blue, Red, Blue, White, Yellow, Green, Purple, Orange, Yellow, Green),
        ];

    private static BirdSpecies Species(int index, string name, BirdShape shape, params PartColor[] colors) =>
        new(index, name, colors, shape);
}
