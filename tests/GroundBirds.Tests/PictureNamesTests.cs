using System.Text;

namespace GroundBirds;

[TestClass]
public sealed class PictureNamesTests
{
    [TestMethod]
    public void QueriesThatDifferInSignsOrCaseGetNamesOfTheirOwn() =>
        CollectionAssert.AreEqual(
            new[] { "beak_wing", "beak_wing-2", "Beak_Wing-3", "beak_wing_2", "喙", "_", "_-2" },
            PictureNames.Of(["beak/wing", "beak:wing", "Beak Wing", "beak-wing 2", "喙", "?", "!"]).ToArray()
        );

    [TestMethod]
    [DataRow("b")]
    [DataRow("喙")]
    [DataRow("😀")]
    public void LongNamesAreShortenedAndStayApart(string character)
    {
        string longest = string.Concat(Enumerable.Repeat(character, 255 / Encoding.UTF8.GetByteCount(character)));
        IReadOnlyList<string> names = PictureNames.Of([longest, longest + "x", "beak"]);
        Assert.HasCount(3, names.Distinct(StringComparer.OrdinalIgnoreCase).ToArray());
        string image = PictureNames.Of(7, $"/birds/{longest}.png");
        Assert.StartsWith("00007-" + character, image);
        foreach (string name in names.Append(image))
        {
            Assert.IsLessThanOrEqualTo(255, Encoding.UTF8.GetByteCount(name + ".png.unfinished"));
            Assert.DoesNotContain("\uFFFD", Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)), "no half of a character is left");
        }
    }
}
