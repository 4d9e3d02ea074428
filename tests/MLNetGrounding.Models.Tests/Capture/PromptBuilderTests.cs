using MLNetGrounding.Models.Tokenization;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Capture;

[TestClass]
public sealed class PromptBuilderTests : IDisposable
{
    private static readonly ModelInfo Model = new()
    {
        Family = "test",
        Layers = 32,
        Heads = 32,
        Width = 64,
        VocabularySize = 400,
        ImageTokenId = 399,
        Grid = new MapGrid(2, 2),
        HasFixedGrid = true,
        LongestPrompt = 9000,
    };

    private static readonly VisualLayout Layout = VisualLayout.RowByRow(new MapGrid(2, 2));
    private static readonly GroundingProfile Profile = new() { Template = "USER: <image>\n{question} ASSISTANT:", Object = "bird" };

    private readonly TemporaryFolder _folder = new();
    private IReadOnlyList<string> _pieces = [];

    [TestInitialize]
    public void WriteTokenizer() =>
        _pieces = SentencePieceModelWriter.Write(
            Path.Combine(_folder.Path, TokenizerFileNames.SentencePiece),
            ["USER:", "ASSISTANT:", "Where", "is", "the", "of", "bird", "beak", "wing"]
        );

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void WordIsReadAtItsOwnRow()
    {
        PreparedPrompt prompt = Build(AttentionQuery.Fine("wing"));
        CollectionAssert.AreEqual(new[] { "\u2581wing" }, ReadPieces(prompt));
        CollectionAssert.AreEqual(new[] { "<s>", "\u2581USER:", "\u2581" }, prompt.Prefix.Select(id => _pieces[id]).ToArray());
    }

    [TestMethod]
    public void LastOccurrenceCounts()
    {
        PreparedPrompt prompt = Build(AttentionQuery.Fine("wing") with { Question = "the wing is the wing of the bird" });
        Assert.AreEqual(
            prompt.Suffixes[0].TokenIds.ToList().LastIndexOf(_pieces.ToList().IndexOf("\u2581wing")),
            prompt.Suffixes[0].Rows.Single()
        );
        Assert.AreNotEqual(
            prompt.Suffixes[0].TokenIds.ToList().IndexOf(_pieces.ToList().IndexOf("\u2581wing")),
            prompt.Suffixes[0].Rows.Single()
        );
    }

    [TestMethod]
    [DataRow(QueryRow.WordMean, "\u2581|e|y|e")]
    [DataRow(QueryRow.WordFirst, "\u2581")]
    [DataRow(QueryRow.WordLast, "e")]
    [DataRow(QueryRow.LastPromptToken, "\u2581ASSISTANT:")]
    public void RowsOfAWordOfSeveralTokens(QueryRow row, string expected)
    {
        PreparedPrompt prompt = Build(new CaptureOptions { Row = row }, AttentionQuery.Fine("eye"));

        // The space before the word is a token of its own here, and it belongs to none of the word's characters.
        string[] pieces = ReadPieces(prompt);
        CollectionAssert.AreEqual(
            expected
                .Split('|')
                .SkipWhile(piece => piece == "\u2581" && row is QueryRow.WordMean or QueryRow.WordFirst)
                .DefaultIfEmpty("e")
                .ToArray(),
            pieces
        );
    }

    [TestMethod]
    public void PartOfAnotherWordIsNotTheWord() =>
        Assert.ThrowsExactly<ArgumentException>(() => Build(AttentionQuery.Fine("wing") with { Question = "Where is it swinging?" }));

    [TestMethod]
    public void AnEmptyWordIsRefused() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Build(AttentionQuery.Fine("wing") with { Word = "" })).Message,
            "'wing'"
        );

    [TestMethod]
    public void AQueryWithoutAWordNeedsAQuestionOfItsOwn()
    {
        AttentionQuery query = new() { Name = "anything" };
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Build(query)).Message, "'anything'");
        Assert.HasCount(1, Build(query with { Question = "the bird" }).Suffixes);
    }

    [TestMethod]
    public void CoarseQueryTakesTheProfilesWord()
    {
        PreparedPrompt prompt = Build(AttentionQuery.Fine("wing"), AttentionQuery.Coarse());
        Assert.AreEqual("bird", prompt.CoarseName);
        Assert.AreEqual(4 + prompt.Suffixes[1].Rows[^1] + 1, prompt.FlowTokens);
        CollectionAssert.AreEqual(new[] { "wing" }, prompt.FineNames.ToArray());
    }

    [TestMethod]
    public void TwoCoarseQueriesAreRefused() =>
        Assert.ThrowsExactly<ArgumentException>(() => Build(AttentionQuery.Coarse("bird"), AttentionQuery.Coarse("wing")));

    [TestMethod]
    public void SameNameTwiceIsRefused() =>
        Assert.ThrowsExactly<ArgumentException>(() => Build(AttentionQuery.Fine("wing"), AttentionQuery.Fine("wing")));

    [TestMethod]
    public void NoQueriesAreRefused() => Assert.ThrowsExactly<ArgumentException>(() => Build());

    [TestMethod]
    public void ForeignTokenIdsAreRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Build(new AttentionQuery { Name = "a", TokenIds = [400] }));
        Assert.ThrowsExactly<ArgumentException>(() => Build(new AttentionQuery { Name = "a", TokenIds = [399] }));
        Assert.ThrowsExactly<ArgumentException>(() => Build(new AttentionQuery { Name = "a", TokenIds = [] }));
        Assert.ThrowsExactly<ArgumentException>(() =>
            Build(
                new AttentionQuery
                {
                    Name = "a",
                    TokenIds = [5, 6],
                    TokenPositions = [2],
                }
            )
        );
    }

    [TestMethod]
    public void AQuestionTooLongForMemoryIsRefused()
    {
        foreach (AttentionQuery query in new[] { AttentionQuery.Coarse("bird"), AttentionQuery.Fine("bird") })
        {
            string message = Assert
                .ThrowsExactly<ArgumentException>(() => Build(query with { Question = new string('e', 100_000) + " bird" }))
                .Message;
            StringAssert.Contains(message, "'bird'");
            StringAssert.Contains(message, "expected at most 8192");
        }
    }

    [TestMethod]
    public void FlowMatricesTooLargeForAnArrayAreRefused()
    {
        // 4 visual tokens and 8190 more, squared, of 32 layers.
        AttentionQuery coarse = AttentionQuery.Coarse("bird") with
        {
            TokenIds = [.. Enumerable.Repeat(5, 8190)],
        };
        string message = Assert.ThrowsExactly<ArgumentException>(() => Build(new CaptureOptions { Layers = 32 }, coarse)).Message;
        StringAssert.Contains(message, "would hold 2148532352 numbers");
        Assert.AreEqual(8194, Build(new CaptureOptions { Layers = 31 }, coarse).FlowTokens);
        Assert.AreEqual(8194, Build(new CaptureOptions { Layers = 32, Flow = null }, coarse).FlowTokens);
    }

    [TestMethod]
    public void TextWithoutTokenizerSaysWhatToDo()
    {
        PromptBuilder builder = new(Model, Profile, "<image>", null, "folder");
        StringAssert.Contains(
            Assert
                .ThrowsExactly<InvalidOperationException>(() => builder.Build([AttentionQuery.Fine("beak")], new CaptureOptions(), Layout))
                .Message,
            TokenizerFileNames.SentencePiece,
            StringComparison.Ordinal
        );
    }

    private PreparedPrompt Build(params AttentionQuery[] queries) => Build(new CaptureOptions(), queries);

    private PreparedPrompt Build(CaptureOptions options, params AttentionQuery[] queries) =>
        new PromptBuilder(Model, Profile, "<image>", TextTokenizer.TryOpen(_folder.Path), _folder.Path).Build(queries, options, Layout);

    private string[] ReadPieces(PreparedPrompt prompt) =>
        [.. prompt.Suffixes[0].Rows.Select(row => _pieces[prompt.Suffixes[0].TokenIds[row]])];
}
