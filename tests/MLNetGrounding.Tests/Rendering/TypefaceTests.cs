using SkiaSharp;

namespace MLNetGrounding.Rendering;

[TestClass]
public sealed class TypefaceTests
{
    [TestMethod]
    public void EveryPrintableCharacterOfWesternLanguagesHasAGlyph()
    {
        using SKFont font = Typeface.At(20);

        for (char character = ' '; character <= '\u00FF'; character++)
        {
            if (!char.IsControl(character))
            {
                Assert.AreNotEqual(0, font.Typeface.GetGlyph(character), $"U+{(int)character:X4}");
            }
        }

        Assert.AreEqual("Inter", font.Typeface.FamilyName.Split(' ')[0]);
    }

    [TestMethod]
    public void ALongTextIsCutWithAnEllipsis()
    {
        using SKFont font = Typeface.At(20);
        const string text = "Black-footed Albatross \U0001F985 of the far Pacific";

        for (float width = 10; width < 400; width += 7)
        {
            string cut = Typeface.Fit(text, width, font);

            Assert.IsTrue(Typeface.WidthOf(cut, font) <= width || cut == "\u2026", $"{width}: {cut}");
            Assert.IsTrue(cut == text || (cut[^1] == '\u2026' && text.StartsWith(cut[..^1], StringComparison.Ordinal)), cut);
            Assert.IsFalse(cut.Length > 1 && char.IsHighSurrogate(cut[^2]), cut);
        }

        Assert.AreEqual(text, Typeface.Fit(text, 1000, font));
    }

    [TestMethod]
    public void LineBreaksBecomeBlanks()
    {
        using SKFont font = Typeface.At(20);

        Assert.AreEqual(Typeface.WidthOf("a b", font), Typeface.WidthOf("a\nb", font));
    }
}
