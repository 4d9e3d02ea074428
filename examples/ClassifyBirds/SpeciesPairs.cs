using System.Globalization;

namespace ClassifyBirds;

/// <summary>
/// The sample birds' species come in pairs that differ in the color of one part: the first and second, the third and fourth, ...
/// </summary>
internal static class SpeciesPairs
{
    public const int SampleSpecies = 24;

    /// <summary>The other species of a pair.</summary>
    /// <param name="species">A name as the data set has it, with the number of its class, from 1: <c>001.Amber_Warbler</c>.</param>
    /// <param name="all">All names.</param>
    public static string PartnerOf(string species, IEnumerable<string> all)
    {
        int index = int.Parse(species.Split('.')[0], CultureInfo.InvariantCulture) - 1;
        string number = ((index ^ 1) + 1).ToString("000", CultureInfo.InvariantCulture);
        return all.First(other => other.StartsWith(number + ".", StringComparison.Ordinal));
    }
}
