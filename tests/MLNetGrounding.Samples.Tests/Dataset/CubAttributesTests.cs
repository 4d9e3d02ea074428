using System.Security.Cryptography;
using System.Text;
using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Dataset;

[TestClass]
public sealed class CubAttributesTests
{
    [TestMethod]
    public void VocabularyIsThatOfCub()
    {
        Assert.HasCount(312, CubAttributes.Names);
        string text = string.Concat(CubAttributes.Names.Select((name, index) => $"{index + 1} {name}\n"));

        // The hash of attributes/attributes.txt as distributed with CUB-200-2011.
        Assert.AreEqual(
            "D5B158C197A8548071114150B2384C55CBD8881B32E57816C6CCC1437E946A1A",
            Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(text)))
        );
    }

    [TestMethod]
    public void EveryPartHasEveryColorInTheVocabulary()
    {
        foreach (BirdPart part in Enum.GetValues<BirdPart>())
        {
            foreach (string category in PartAttributes.CategoriesOf(part))
            {
                foreach (string color in PartPalette.Names)
                {
                    int index = CubAttributes.IndexOf(category, color);
                    Assert.AreEqual($"{category}::{color}", CubAttributes.Names[index]);
                }
            }
        }
    }
}
