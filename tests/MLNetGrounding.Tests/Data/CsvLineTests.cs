namespace MLNetGrounding.Data;

[TestClass]
public sealed class CsvLineTests
{
    [TestMethod]
    [DataRow("=HYPERLINK(A1)", "'=HYPERLINK(A1)")]
    [DataRow("@SUM(1,2)", "\"'@SUM(1,2)\"")]
    [DataRow("+cmd", "'+cmd")]
    [DataRow("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0")]
    [DataRow("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0")]
    [DataRow("\t=1", "'\t=1")]
    [DataRow("'=1", "''=1")]
    [DataRow("-0.25", "-0.25")]
    [DataRow("-1E-05", "-1E-05")]
    [DataRow("'s wing", "'s wing")]
    [DataRow("a=b", "a=b")]
    [DataRow("", "")]
    public void TextIsNoFormulaAndReadsBackAsItWas(string field, string written)
    {
        Assert.AreEqual(written, CsvLine.Join([field]));
        CollectionAssert.AreEqual(new[] { "a", field, "b" }, CsvLine.Split(CsvLine.Join(["a", field, "b"])));
    }

    [TestMethod]
    public void AnyFieldsReadBackAsTheyWere()
    {
        const string Alphabet = "=+-@'\",1e. a";
        var random = new Random(1);
        for (int repetition = 0; repetition < 20_000; repetition++)
        {
            string[] fields =
            [
                .. Enumerable
                    .Range(0, random.Next(1, 5))
                    .Select(_ => new string([.. Enumerable.Range(0, random.Next(6)).Select(_ => Alphabet[random.Next(Alphabet.Length)])])),
            ];
            CollectionAssert.AreEqual(fields, CsvLine.Split(CsvLine.Join(fields)), string.Join('|', fields));
        }
    }
}
