using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization.BytePairs;

[TestClass]
public sealed class BytePairEncoderTests
{
    [TestMethod]
    public void TheQueueMergesAsAScanForTheLowestRankDoes()
    {
        Random random = new(3);
        for (int round = 0; round < 300; round++)
        {
            List<string> tokens = ["a", "b", "c"];
            List<(string Left, string Right)> merges = [];
            for (int count = 0; count < 12; count++)
            {
                (string, string) pair = (tokens[random.Next(tokens.Count)], tokens[random.Next(tokens.Count)]);
                merges.Add(pair);
                if (!tokens.Contains(pair.Item1 + pair.Item2))
                {
                    tokens.Add(pair.Item1 + pair.Item2);
                }
            }

            string text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => "abc"[random.Next(3)]));
            CollectionAssert.AreEqual(
                Scan(text, merges),
                Encode(text, tokens, merges, new BytePairOptions()).Select(token => token.Text).ToArray(),
                text
            );
        }
    }

    [TestMethod]
    public void AWholePieceIsItsTokenOnlyWhereMergesAreIgnored()
    {
        string[] tokens = ["a", "b", "c", "ab", "abc"];
        Assert.AreEqual("ab c", Texts("abc", tokens, [("a", "b")], new BytePairOptions()));
        Assert.AreEqual("abc", Texts("abc", tokens, [("a", "b")], new BytePairOptions { IgnoreMerges = true }));
    }

    [TestMethod]
    public void UnknownCharactersAreOneTokenEachOrOneTogether()
    {
        string[] tokens = ["<unk>", "a"];
        Assert.AreEqual("a <unk> <unk> a", Texts("axya", tokens, [], new BytePairOptions { UnknownToken = "<unk>" }));
        AlignedToken[] fused = Encode("axya", tokens, [], new BytePairOptions { UnknownToken = "<unk>", FuseUnknown = true });
        CollectionAssert.AreEqual(new[] { (0, 1), (1, 3), (3, 4) }, fused.Select(token => (token.Start, token.End)).ToArray());
    }

    [TestMethod]
    public void BytesAreSpelledOnlyWhereAllOfThemAreThere()
    {
        BytePairOptions options = new() { ByteFallback = true, UnknownToken = "<unk>" };
        Assert.AreEqual("<0xC3> <0xA9>", Texts("é", ["<unk>", "<0xC3>", "<0xA9>"], [], options));
        Assert.AreEqual("<unk>", Texts("é", ["<unk>", "<0xC3>"], [], options));
    }

    [TestMethod]
    public void DroppedCharactersMoveWhatFollowsToTheLeft()
    {
        // Two bytes of UTF-8 are gone, so that b seems to be where they were.
        AlignedToken[] tokens = Encode("aĄb", ["a", "b"], [], new BytePairOptions());
        CollectionAssert.AreEqual(
            new[] { ("a", 0, 1), ("b", 1, 2) },
            tokens.Select(token => (token.Text, token.Start, token.End)).ToArray()
        );
    }

    [TestMethod]
    public void PrefixAndSuffixMarkThePlacesOfAPiece()
    {
        Assert.AreEqual("a b</w>", Texts("ab", ["a", "b", "b</w>"], [], new BytePairOptions { EndOfWordSuffix = "</w>" }));
        Assert.AreEqual(
            "ab</w>",
            Texts("ab", ["a", "b</w>", "ab</w>"], [("a", "b</w>")], new BytePairOptions { EndOfWordSuffix = "</w>" })
        );
        Assert.AreEqual("a ##b", Texts("ab", ["a", "b", "##b"], [], new BytePairOptions { ContinuingPrefix = "##" }));
    }

    [TestMethod]
    public void AnUnknownTokenThatIsMissingIsAnErrorWhenItIsNeeded()
    {
        BytePairOptions options = new() { UnknownToken = "<unk>" };
        Assert.AreEqual("a", Texts("a", ["a"], [], options));
        StringAssert.Contains(Assert.ThrowsExactly<CheckpointException>(() => Encode("b", ["a"], [], options)).Message, "<unk>");
    }

    private static string Texts(
        string text,
        IReadOnlyList<string> tokens,
        IReadOnlyList<(string, string)> merges,
        BytePairOptions options
    ) => string.Join(' ', Encode(text, tokens, merges, options).Select(token => token.Text));

    private static AlignedToken[] Encode(
        string text,
        IReadOnlyList<string> tokens,
        IReadOnlyList<(string Left, string Right)> merges,
        BytePairOptions options
    )
    {
        var ids = tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id);
        Dictionary<(int, int), (int, int)> ranks = [];
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (string left, string right) = merges[rank];
            ranks[(ids[left], ids[right])] = (rank, ids[left + right]);
        }

        List<AlignedToken> encoded = [];
        new BytePairEncoder("tokenizer.json", new Vocabulary(ids), ranks, options).Encode(AlignedText.Of(text), encoded);
        return [.. encoded];
    }

    /// <summary>The obvious way: look for the pair of lowest rank, of equal rank the leftmost, until there is none.</summary>
    private static string[] Scan(string text, List<(string Left, string Right)> merges)
    {
        List<string> parts = [.. text.Select(character => character.ToString())];
        while (true)
        {
            int best = -1;
            int at = -1;
            for (int index = 0; index + 1 < parts.Count; index++)
            {
                // Of a pair that is listed twice the later rank counts.
                int rank = merges.LastIndexOf((parts[index], parts[index + 1]));
                if (rank >= 0 && (best < 0 || rank < best))
                {
                    (best, at) = (rank, index);
                }
            }

            if (at < 0)
            {
                return [.. parts];
            }

            parts[at] += parts[at + 1];
            parts.RemoveAt(at + 1);
        }
    }
}
