using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MLNetGrounding.Extensions.Chat;

[TestClass]
public sealed class GroundingChatClientTests
{
    private const string Question = "Where is the beak of the bird?";
    private static readonly AnswerOptions Short = new() { MaximumTokens = 6 };

    [TestMethod]
    public void OptionsHaveTheDocumentedDefaults()
    {
        GroundingChatClientOptions options = new();
        Assert.IsNull(options.ModelId);
        Assert.AreEqual(256, options.Answering.MaximumTokens);
        Assert.AreEqual(new AnswerSampling(), options.Answering.Sampling);
        Assert.IsTrue(options.Annotations);
        Assert.IsFalse(options.StreamedAnnotations);
        Assert.IsFalse(options.LocalFiles);
        Assert.AreEqual(new ThresholdRegion { Threshold = 0.5 }, options.Region);
    }

    [TestMethod]
    public async Task TheResponseIsTheModelsOwnAnswer()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model);
        ImageAnswers answers = model.Answer(Question, Short with { Maps = true });
        Answer answer = answers.Answers[0];
        ChatResponse response = await client.GetResponseAsync([ChatModel.Ask(Question)], new ChatOptions { MaxOutputTokens = 6 });
        Assert.AreEqual(string.Concat(answer.Tokens.Select(token => token.Text)).TrimStart(), response.Text);
        Assert.AreEqual(ChatFinishReason.Length, response.FinishReason);
        Assert.AreEqual("tiny", response.ModelId);
        Assert.AreEqual("greedy", response.AdditionalProperties!["decoding"]);
        Assert.AreEqual(6, response.Usage!.OutputTokenCount);

        // "USER:", the image's 16 tokens and the rest of the prompt.
        PreparedPrompt prompt = model.Model.Prepare([new AttentionQuery { Name = "q", Question = Question }]);
        Assert.AreEqual(prompt.TokenIdsOf("q").Count - 1 + 16, response.Usage.InputTokenCount);
        Assert.AreEqual(response.Usage.InputTokenCount + 6, response.Usage.TotalTokenCount);
    }

    [TestMethod]
    public async Task EachWordCarriesTheMeanMapOfItsTokensAndABoxInTheImage()
    {
        using ChatModel model = new();
        var said = ForcedAnswer.Of(model.Model.Directory, " a bc. d");
        AnswerOptions options = new() { MaximumTokens = 8, Processors = [said] };
        Answer answer = model.Answer(Question, options with { Maps = true }).Answers[0];
        using GroundingChatClient client = new(model.Model, new GroundingChatClientOptions { Answering = options });
        ChatResponse response = await client.GetResponseAsync([ChatModel.Ask(Question)]);
        GroundingAnnotation[] words = [.. response.GetGroundings()];
        CollectionAssert.AreEqual(new[] { "a", "bc.", "d" }, words.Select(word => word.Word).ToArray());
        Assert.AreEqual("a bc. d", response.Text);
        // The first token is a space that the text begins without.
        int[][] tokens =
        [
            [0, 1],
            [3, 4, 5],
            [7],
        ];
        for (int word = 0; word < words.Length; word++)
        {
            var span = (TextSpanAnnotatedRegion)words[word].AnnotatedRegions!.Single();
            Assert.AreEqual(words[word].Word, response.Text[span.StartIndex!.Value..span.EndIndex!.Value]);
            for (int cell = 0; cell < 16; cell++)
            {
                Assert.AreEqual(tokens[word].Average(token => (double)answer.Tokens[token].Map[cell]), words[word].Map[cell], 1e-7);
            }

            Assert.AreEqual(tokens[word].Sum(token => answer.Tokens[token].LogProbability), words[word].LogProbability, 1e-9);
            Assert.AreEqual(new MapGrid(4, 4), words[word].Geometry.Grid);
            Assert.AreEqual(112, words[word].Geometry.ImageWidth);
            PixelBox box = words[word].Box!.Value;
            Assert.IsTrue(box is { X: >= 0, Y: >= 0 } && box.X + box.Width <= 112 && box.Y + box.Height <= 56, $"{box}");
        }

        // The image is padded from 112 x 56 to a square, so that rows 1 and 2 of the grid hold it; a box is made of whole cells of 28 pixels.
        Assert.AreEqual(0, words[0].Box!.Value.X % 28);
        Assert.AreEqual(0, words[0].Box!.Value.Width % 28);
    }

    [TestMethod]
    public async Task WordsStandWhereTheyAreInATextThatBeganWithSpaces()
    {
        using ChatModel model = new();
        var said = ForcedAnswer.Of(model.Model.Directory, "   a bc");
        using GroundingChatClient client = new(
            model.Model,
            new GroundingChatClientOptions
            {
                Answering = new AnswerOptions { MaximumTokens = 7, Processors = [said] },
            }
        );
        ChatResponse response = await client.GetResponseAsync([ChatModel.Ask(Question)]);
        Assert.AreEqual("a bc", response.Text);
        TextSpanAnnotatedRegion[] spans =
        [
            .. response.GetGroundings().Select(word => (TextSpanAnnotatedRegion)word.AnnotatedRegions!.Single()),
        ];
        CollectionAssert.AreEqual(new int?[] { 0, 2 }, spans.Select(span => span.StartIndex).ToArray());
        CollectionAssert.AreEqual(new int?[] { 1, 4 }, spans.Select(span => span.EndIndex).ToArray());
    }

    [TestMethod]
    public async Task WithoutAnnotationsThereAreNone()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model, new GroundingChatClientOptions { Annotations = false, Answering = Short });
        ChatResponse response = await client.GetResponseAsync([ChatModel.Ask(Question)]);
        Assert.IsEmpty(response.GetGroundings());
        Assert.AreNotEqual("", response.Text);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task AStreamGivesTheSameTextAndOnRequestTheSameGroundings(bool annotated)
    {
        using ChatModel model = new();
        var said = ForcedAnswer.Of(model.Model.Directory, " a bc. d");
        GroundingChatClientOptions options = new()
        {
            Answering = new AnswerOptions { MaximumTokens = 8, Processors = [said] },
            StreamedAnnotations = annotated,
        };
        using GroundingChatClient client = new(model.Model, options);
        ChatResponse whole = await client.GetResponseAsync([ChatModel.Ask(Question)]);
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([ChatModel.Ask(Question)]))
        {
            updates.Add(update);
        }

        string[] texts = [.. updates.Select(update => update.Text).Where(text => text.Length > 0)];
        string[] expected = annotated ? ["a", " bc.", " d"] : ["a", " ", "b", "c", ".", " ", "d"];
        CollectionAssert.AreEqual(expected, texts);
        Assert.AreEqual(1, updates.Select(update => update.ResponseId).Distinct().Count());
        Assert.AreEqual(ChatFinishReason.Length, updates[^1].FinishReason);
        var joined = updates.ToChatResponse();
        Assert.AreEqual(whole.Text, joined.Text);
        Assert.AreEqual(whole.Usage!.TotalTokenCount, joined.Usage!.TotalTokenCount);
        GroundingAnnotation[] streamed = [.. joined.GetGroundings()];
        GroundingAnnotation[] own = annotated ? [.. whole.GetGroundings()] : [];
        Assert.HasCount(own.Length, streamed);
        for (int word = 0; word < own.Length; word++)
        {
            Assert.AreEqual(own[word].Word, streamed[word].Word);
            CollectionAssert.AreEqual(own[word].Map.ToArray(), streamed[word].Map.ToArray());
            Assert.AreEqual(own[word].Box, streamed[word].Box);
        }

        // A span is of the content that it stands on.
        foreach (AIContent content in updates.SelectMany(update => update.Contents))
        {
            foreach (GroundingAnnotation annotation in content.Annotations?.OfType<GroundingAnnotation>() ?? [])
            {
                var span = (TextSpanAnnotatedRegion)annotation.AnnotatedRegions!.Single();
                Assert.AreEqual(annotation.Word, ((TextContent)content).Text[span.StartIndex!.Value..span.EndIndex!.Value]);
            }
        }
    }

    [TestMethod]
    public async Task RawAnswerOptionsAskForStreamedGroundingsToo()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model);
        ChatOptions options = new() { RawRepresentationFactory = _ => Short with { Maps = true } };
        ChatResponse response = await client.GetStreamingResponseAsync([ChatModel.Ask(Question)], options).ToChatResponseAsync();
        Assert.IsNotEmpty(response.GetGroundings());
        Assert.AreEqual(6, response.Usage!.OutputTokenCount);
    }

    [TestMethod]
    public async Task OptionsOfARequestAreThoseOfTheModel()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model);
        AnswerOptions own = new()
        {
            MaximumTokens = 12,
            Seed = 5,
            Sampling = new AnswerSampling
            {
                Temperature = 1.5,
                TopP = 0.9,
                TopK = 50,
            },
        };
        ImageAnswers expected = model.Answer(Question, own);
        ChatResponse response = await client.GetResponseAsync(
            [ChatModel.Ask(Question)],
            new ChatOptions
            {
                MaxOutputTokens = 12,
                Seed = 5,
                Temperature = 1.5f,
                TopP = 0.9f,
                TopK = 50,
            }
        );
        Assert.AreEqual(string.Concat(expected.Answers[0].Tokens.Select(token => token.Text)).TrimStart(), response.Text);
        Assert.AreEqual("temperature 1.5, top-k 50, top-p 0.9, seed 5", response.AdditionalProperties!["decoding"]);
        ChatResponse other = await client.GetResponseAsync(
            [ChatModel.Ask(Question)],
            new ChatOptions
            {
                MaxOutputTokens = 12,
                Seed = 6,
                Temperature = 1.5f,
            }
        );
        Assert.AreNotEqual(other.Text, response.Text);
    }

    [TestMethod]
    [DataRow("c", "ab", 3)]
    [DataRow("bc", "a", 3)]
    [DataRow("bcx;cd", "ab", 4)]
    [DataRow("xyz", "abcde fg", 8)]
    public async Task AStopSequenceEndsTheAnswerBeforeIt(string stops, string expected, int tokens)
    {
        using ChatModel model = new();
        var said = ForcedAnswer.Of(model.Model.Directory, "abcde fg");
        GroundingChatClientOptions own = new()
        {
            Answering = new AnswerOptions { MaximumTokens = 8, Processors = [said] },
        };
        using GroundingChatClient client = new(model.Model, own);
        ChatOptions options = new() { StopSequences = stops.Split(';') };
        ChatResponse response = await client.GetResponseAsync([ChatModel.Ask(Question)], options);
        Assert.AreEqual(expected, response.Text);
        Assert.AreEqual(expected.Length == 8 ? ChatFinishReason.Length : ChatFinishReason.Stop, response.FinishReason);
        Assert.AreEqual(expected.Split(' ')[0], response.GetGroundings().First().Word);
        ChatResponse streamed = await client.GetStreamingResponseAsync([ChatModel.Ask(Question)], options).ToChatResponseAsync();
        Assert.AreEqual(expected, streamed.Text);
        Assert.AreEqual(response.FinishReason, streamed.FinishReason);

        // The model stops with the token that completes it.
        Assert.AreEqual((tokens, tokens), (response.Usage!.OutputTokenCount, streamed.Usage!.OutputTokenCount));
    }

    [TestMethod]
    public async Task AnAnswerThatEndsByItselfOrHasNoTokenSaysSo()
    {
        using ChatModel model = new();
        int first = model.Answer(Question, Short).Answers[0].TokenIds[2];
        using GroundingChatClient client = new(
            model.Model,
            new GroundingChatClientOptions { Answering = Short with { StopTokenIds = [first] } }
        );
        Assert.AreEqual(ChatFinishReason.Stop, (await client.GetResponseAsync([ChatModel.Ask(Question)])).FinishReason);
        ChatOptions barred = new()
        {
            RawRepresentationFactory = _ => Short with { Processors = [new BarredTokens(Enumerable.Range(0, 512))] },
        };
        ChatResponse none = await client.GetResponseAsync([ChatModel.Ask(Question)], barred);
        Assert.AreEqual(GroundingChatClient.NoToken, none.FinishReason);
        Assert.AreEqual("", none.Text);
        Assert.IsEmpty(none.GetGroundings());
    }

    [TestMethod]
    public async Task SeveralThreadsGetTheAnswersThatEachWouldGetAlone()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model, new GroundingChatClientOptions { Answering = Short });
        string[] questions = ["Where is the beak?", "Where is the wing of the bird?", "the tail", "Where is the back?"];
        List<string> alone = [];
        foreach (string question in questions)
        {
            alone.Add((await client.GetResponseAsync([ChatModel.Ask(question)])).Text);
        }

        ChatResponse[] together = await Task.WhenAll(
            questions.Select(question => Task.Run(() => client.GetResponseAsync([ChatModel.Ask(question)])))
        );
        CollectionAssert.AreEqual(alone, together.Select(response => response.Text).ToList());
    }

    [TestMethod]
    public async Task CancellationAndLeavingAStreamEndTheModelsWork()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(
            model.Model,
            new GroundingChatClientOptions { Answering = new AnswerOptions { MaximumTokens = 400 } }
        );
        using CancellationTokenSource source = new();
        int seen = 0;
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (
                ChatResponseUpdate _ in client.GetStreamingResponseAsync([ChatModel.Ask(Question)], cancellationToken: source.Token)
            )
            {
                seen++;
                await source.CancelAsync();
            }
        });
        Assert.IsLessThan(100, seen);
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            client.GetResponseAsync([ChatModel.Ask(Question)], cancellationToken: source.Token)
        );
        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync([ChatModel.Ask(Question)]))
        {
            break;
        }

        Assert.AreEqual(
            3,
            (await client.GetResponseAsync([ChatModel.Ask(Question)], new ChatOptions { MaxOutputTokens = 3 })).Usage!.OutputTokenCount
        );
    }

    [TestMethod]
    public async Task TheClientKeepsItsShareOfTheModel()
    {
        using ChatModel model = new();
        VisionLanguageModel handle = model.Model.Share();
        GroundingChatClient client = new(handle, new GroundingChatClientOptions { Answering = Short });
        handle.Dispose();
        Assert.AreNotEqual("", (await client.GetResponseAsync([ChatModel.Ask(Question)])).Text);
        client.Dispose();
        client.Dispose();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => client.GetResponseAsync([ChatModel.Ask(Question)]));
    }

    [TestMethod]
    public void TheClientsShareGoesWithIt()
    {
        using ChatModel model = new();
        GroundingChatClient client = new(model.Model);
        VisionLanguageModel share = client.GetService<VisionLanguageModel>()!;
        client.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(share.Share);
        model.Model.Share().Dispose();
    }

    [TestMethod]
    public void ServicesAreMetadataTheModelAndTheClient()
    {
        using ChatModel model = new();
        using IChatClient client = model.Model.AsIChatClient(new GroundingChatClientOptions { ModelId = "mine" });
        Assert.AreEqual("mine", client.GetService<ChatClientMetadata>()!.DefaultModelId);
        Assert.AreEqual(model.Model.Directory, client.GetService<VisionLanguageModel>()!.Directory);
        Assert.AreSame(client, client.GetService<GroundingChatClient>());
        Assert.AreSame(client, client.GetService<IChatClient>());
        Assert.IsNull(client.GetService(typeof(string)));
        Assert.IsNull(client.GetService(typeof(IChatClient), "key"));
    }

    [TestMethod]
    public async Task AnnotationsGoThroughJson()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model, new GroundingChatClientOptions { Answering = Short });
        ChatResponse response = await client.GetResponseAsync([ChatModel.Ask(Question)]);
        JsonSerializerOptions options = new(AIJsonUtilities.DefaultOptions);
        options.AddGroundingAnnotations();
        string json = JsonSerializer.Serialize(response, options);
        ChatResponse read = JsonSerializer.Deserialize<ChatResponse>(json, options)!;
        GroundingAnnotation[] expected = [.. response.GetGroundings()];
        GroundingAnnotation[] actual = [.. read.GetGroundings()];
        Assert.HasCount(expected.Length, actual);
        Assert.IsNotEmpty(actual);
        for (int word = 0; word < expected.Length; word++)
        {
            Assert.AreEqual(expected[word].Word, actual[word].Word);
            Assert.AreEqual(expected[word].Box, actual[word].Box);
            Assert.AreEqual(expected[word].Geometry, actual[word].Geometry);
            CollectionAssert.AreEqual(expected[word].Map.ToArray(), actual[word].Map.ToArray());
        }
    }
}
