using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding.Comparison;

[TestClass]
public sealed class CollectedScoresTests
{
    [TestMethod]
    public void ADeletionThatIsSmallerIsTheBetterOneWhereItIsComparedWithPlaces()
    {
        // From method to method the place, the insertion and the deletion grow. The baseline, which is the opposite, has no say.
        MethodEvaluationOptions options = new()
        {
            Thresholds = [],
            FixedAreas = [0.05],
            BootstrapReplicates = 20,
            Faithfulness = new FaithfulnessScoring { Model = null! },
        };
        ScoreColumn[] columns = options.ScoreColumns();
        ScoreEntry[] entries =
        [
            .. Enumerable.Range(0, 3).Select(method => new ScoreEntry($"{method}", MethodKind.Method, "")),
            new ScoreEntry("baseline", MethodKind.Baseline, ""),
        ];
        CollectedScores collected = new(entries, ["beak"], columns);
        for (int image = 0; image < 4; image++)
        {
            ImageScores scores = new($"{image}", entries.Length, 1, columns.Length);
            for (int entry = 0; entry < entries.Length; entry++)
            {
                scores.Status(entry) = ScoreStatus.Scored;
                Span<float> numbers = scores.Scores(entry);
                numbers[MapScorer.Rank] = numbers[MapScorer.Pointing] = numbers[MapScorer.FixedAreaAt(0, 1).Hit] = entry / 4f;
                numbers[Array.FindIndex(columns, column => column.Name == "insertion")] = entry == 3 ? 0 : 0.1f + (entry / 8f);
                numbers[Array.FindIndex(columns, column => column.Name == "deletion")] = entry == 3 ? 0 : 0.2f + (entry / 8f);
            }

            collected.Add(scores);
        }

        IReadOnlyList<ScoreAgreement> agreements = collected.Summarize(options).Agreements;
        CollectionAssert.AreEqual(
            new[] { "hit rate at 5 % of the frame", "pointing at the key point", "AUC" },
            agreements.Take(3).Select(agreement => agreement.With).ToArray()
        );
        Assert.IsTrue(agreements.All(agreement => agreement.Methods == 3));
        Assert.IsTrue(agreements.Take(3).All(agreement => agreement is { Score: "insertion", Spearman: { Value: 1, Low: 1, High: 1 } }));
        Assert.IsTrue(
            agreements
                .Skip(3)
                .All(agreement => agreement is { Score: "deletion, the smaller the better", Spearman: { Value: -1, Low: -1, High: -1 } })
        );
        Assert.HasCount(6, agreements);
    }
}
