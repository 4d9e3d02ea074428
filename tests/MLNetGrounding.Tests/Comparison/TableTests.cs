using Microsoft.ML;
using MLNetGrounding.Scoring;

namespace MLNetGrounding.Comparison;

/// <summary>What the written tables look like.</summary>
[TestClass]
public sealed class TableTests
{
    private static readonly MLContext ML = new(seed: 1);

    [TestMethod]
    public void TheLargestOfAColumnIsBold()
    {
        var table = EvaluationTable.Of(
            "t",
            ["method", "a", "b", "c"],
            [
                ["A", new EvaluationCell("0.50", "[0, 1]", 0.501), new EvaluationCell("2", "", 2), ""],
                ["B", new EvaluationCell("0.50", "", 0.499), "3", ""],
                ["C", new EvaluationCell("0.49", "", 0.49), "", ""],
            ]
        );
        CollectionAssert.AreEqual(new[] { "method", "a", "b" }, table.Headings.ToArray(), "c says nothing");
        CollectionAssert.AreEqual(new[] { true, true, false }, table.Best.Select(row => row[1]).ToArray(), "A and B read the same");
        Assert.IsFalse(table.Best.Any(row => row[2]), "only A has a value to compare");
    }

    [TestMethod]
    public void NoLineOfATableIsLongerThan120Characters()
    {
        MethodEvaluation evaluation = Wide();
        string[] lines = [.. evaluation.ToMarkdown().Split('\n').Where(line => line.StartsWith('|'))];
        Assert.IsGreaterThan(20, lines.Length);
        foreach (string line in lines)
        {
            Assert.IsLessThanOrEqualTo(120, line.Length, line);
        }

        Assert.HasCount(1, evaluation.ToMarkdown().Split("## mPIR at threshold 0.05\n").Skip(1).ToArray());
    }

    [TestMethod]
    public void EveryCellOfAWideTableIsThereOnce()
    {
        var table = EvaluationTable.Of(
            "t",
            ["name", .. Enumerable.Range(0, 30).Select(column => $"column{column}")],
            [
                ["A", .. Enumerable.Range(0, 30).Select(column => (EvaluationCell)$"cell-{column}-")],
            ]
        );
        string text = MarkdownTables.Write(new TableDocument("T", [], [], [table], []));
        for (int column = 0; column < 30; column++)
        {
            Assert.HasCount(2, text.Split($"cell-{column}-"));
        }

        Assert.IsGreaterThan(2, text.Split("| name").Length - 1);
    }

    [TestMethod]
    public void AColumnThatIsTooWideStandsAlone()
    {
        CollectionAssert.AreEqual(
            new[] { "0,1", "0,2,3", "0,4" },
            EvaluationTable.Parts([10, 200, 20, 20, 90], between: 3).Select(part => string.Join(',', part)).ToArray()
        );

        // With what stands between and around the columns a line of all three would have 121 characters.
        CollectionAssert.AreEqual(
            new[] { "0,1", "0,2" },
            EvaluationTable.Parts([10, 50, 51], between: 3).Select(part => string.Join(',', part)).ToArray()
        );
        CollectionAssert.AreEqual(new[] { "0" }, EvaluationTable.Parts([10], 3).Select(part => string.Join(',', part)).ToArray());
    }

    [TestMethod]
    public void LatexHasNothingThatIsACommand()
    {
        var table = EvaluationTable.Of(
            "50 % of $x_1$ {a} & b",
            ["a#b", "v~w^x"],
            [
                ["[C:\\x|y", new EvaluationCell("1", "[0, 1]", 1)],
                ["<\"q\">", new EvaluationCell("0", "", 0)],
            ]
        );
        string text = LatexTables.Write(new TableDocument("T", [new("command", "a\nb % c")], ["line"], [table], ["note"]));
        Assert.Contains(@"\caption{50 \% of \$x\_1\$ \{a\} \& b}", text);
        Assert.Contains(@"a\#b & v\textasciitilde{}w\textasciicircum{}x \\", text);
        Assert.Contains(@"{[}C:\textbackslash{}x\textbar{}y & \textbf{1} {[}0, 1{]} \\", text);
        Assert.Contains(@"\textless{}''q''\textgreater{} & 0 \\", text);
        foreach (string rule in (string[])["\\toprule", "\\midrule", "\\bottomrule", "% command: a b % c", "\\begin{tabular}{lr}"])
        {
            Assert.Contains(rule, text);
        }

        foreach (string line in text.Split('\n'))
        {
            Assert.IsTrue(line.Length == 0 || line[0] is '%' or '\\' or ' ', $"a line break of a text began a line of its own: {line}");
        }
    }

    [TestMethod]
    public void WhatItIsOfStandsInFront()
    {
        MethodEvaluation evaluation = Wide(options => options.Origin = [new("command", "a `b` c"), new("date", "2024-05-06")]);
        Assert.StartsWith("# Grounding methods compared\n\n- command: `a 'b' c`\n- date: `2024-05-06`\n\n", evaluation.ToMarkdown());
        CollectionAssert.AreEqual(evaluation.Origin.ToArray(), MethodEvaluation.FromJson(evaluation.ToJson()).Origin.ToArray());
    }

    private static MethodEvaluation Wide(Action<MethodEvaluationOptions>? change = null)
    {
        MapRows rows = new(8);
        MethodEvaluationOptions options = new() { ChanceDraws = 32, BootstrapReplicates = 10 };
        change?.Invoke(options);
        return ML.Grounding.EvaluateMethods(rows.View, options);
    }
}
