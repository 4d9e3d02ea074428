using Microsoft.Extensions.AI;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Extensions.Chat;

/// <summary>What messages become, and what is refused by name.</summary>
[TestClass]
public sealed class ChatRequestTests
{
    private static readonly GroundingChatClientOptions Short = new() { Answering = new AnswerOptions { MaximumTokens = 4 } };

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static ChatMessage Assistant(string text) => new(ChatRole.Assistant, text);

    [TestMethod]
    public async Task AChatGoesOnAsTheFamilyWritesIt()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model, Short);
        ChatResponse response = await client.GetResponseAsync([ChatModel.Ask("Where is the beak?"), Assistant("back"), User("the wing?")]);

        // The same prompt as one template, which is what the model is asked with.
        GroundingProfile profile = model.Model.Profile with
        {
            Template = "USER: <image>\nWhere is the beak? ASSISTANT: back USER: {question} ASSISTANT:",
        };
        Answer expected = model.Answer("the wing?", Short.Answering, new CaptureOptions { Profile = profile }).Answers[0];
        Assert.AreEqual(string.Concat(expected.Tokens.Select(token => token.Text)).TrimStart(), response.Text);
        ChatResponse alone = await client.GetResponseAsync([ChatModel.Ask("the wing?")]);
        Assert.AreNotEqual(alone.Usage!.InputTokenCount, response.Usage!.InputTokenCount);
    }

    [TestMethod]
    public async Task TheImageMayComeLater()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model, Short);
        ChatResponse response = await client.GetResponseAsync([User("Where is the beak?"), Assistant("back"), ChatModel.Ask("the wing?")]);
        GroundingProfile profile = model.Model.Profile with
        {
            Template = "USER: Where is the beak? ASSISTANT: back USER: <image>\n{question} ASSISTANT:",
        };
        Answer expected = model.Answer("the wing?", Short.Answering, new CaptureOptions { Profile = profile }).Answers[0];
        Assert.AreEqual(string.Concat(expected.Tokens.Select(token => token.Text)).TrimStart(), response.Text);
    }

    [TestMethod]
    public async Task MessagesOfOneRoleThatFollowEachOtherAreOne()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model, Short);
        ChatResponse apart = await client.GetResponseAsync([
            new ChatMessage(ChatRole.User, [new DataContent(ChatModel.Png, "image/png")]),
            User("the"),
            User("wing?"),
        ]);
        Assert.AreEqual((await client.GetResponseAsync([ChatModel.Ask("the\nwing?")])).Text, apart.Text);
    }

    [TestMethod]
    public async Task AStreamedAnswerGoesBackIntoTheChat()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model, Short with { StreamedAnnotations = true });
        List<ChatMessage> chat = [ChatModel.Ask("Where is the beak?")];
        await chat.AddMessagesAsync(client.GetStreamingResponseAsync(chat));
        chat.Add(User("the wing?"));
        Assert.AreEqual(4, (await client.GetResponseAsync(chat)).Usage!.OutputTokenCount);
    }

    [TestMethod]
    public void SystemMessagesAndInstructionsAreJoined()
    {
        var request = ChatRequest.Read([new ChatMessage(ChatRole.System, "Be brief."), ChatModel.Ask("q")], "Be kind.");
        Assert.AreEqual("Be kind.\nBe brief.", request.System);
        Assert.AreEqual("q", request.Question);
        Assert.IsEmpty(request.Earlier);
        Assert.IsNull(ChatRequest.Read([ChatModel.Ask("q")], null).System);
    }

    [TestMethod]
    public async Task ASystemMessageIsRefusedWhereTheFamilyHasNone()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model, Short);
        await Refused<NotSupportedException>(client, "system message", [new ChatMessage(ChatRole.System, "Be brief."), ChatModel.Ask("q")]);
        await Refused<NotSupportedException>(
            client,
            "system message",
            [ChatModel.Ask("q")],
            new ChatOptions { Instructions = "Be brief." }
        );
    }

    [TestMethod]
    public async Task ASystemMessageStandsInTheProfileOfTheOptions()
    {
        using var model = VisionLanguageModel.Load(TestData.Require("golden2/qwen2_5_vl/checkpoint"));
        GroundingProfile profile = new()
        {
            Template = "<|im_start|>user\nLook well. <|vision_start|><image><|vision_end|>{question}<|im_end|>\n<|im_start|>assistant\n",
        };
        using GroundingChatClient client = new(model, Short with { Capture = new CaptureOptions { Profile = profile } });
        ChatResponse response = await client.GetResponseAsync([
            new ChatMessage(ChatRole.System, "Be brief."),
            ChatModel.Ask("Where is the wing?"),
        ]);
        PreparedPrompt prompt = model.Prepare(
            [
                new AttentionQuery
                {
                    Name = "q",
                    Question = "Where is the wing?",
                    Role = QueryRole.Neutral,
                },
            ],
            new CaptureOptions { Profile = profile with { Template = $"<|im_start|>system\nBe brief.<|im_end|>\n{profile.Template}" } }
        );
        ImageAnswers expected = model.Answer(ChatModel.Image, prompt, Short.Answering);
        Assert.AreEqual(expected.Answers[0].Text.TrimStart(), response.Text);
        ChatResponse without = await client.GetResponseAsync([ChatModel.Ask("Where is the wing?")]);
        Assert.IsGreaterThan(without.Usage!.InputTokenCount!.Value, response.Usage!.InputTokenCount!.Value);
    }

    [TestMethod]
    public async Task AChatIsRefusedWhereThePromptIsOfAnUnknownForm()
    {
        using ChatModel model = new("""{"template":"<image> Question: {question} Answer:"}""");
        using GroundingChatClient client = new(model.Model, Short);
        Assert.AreEqual(4, (await client.GetResponseAsync([ChatModel.Ask("the wing?")])).Usage!.OutputTokenCount);
        await Refused<NotSupportedException>(client, "Question: {question}", [ChatModel.Ask("q"), Assistant("a"), User("r")]);
    }

    [TestMethod]
    public async Task WhatMakesNoChatIsRefused()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model, Short);
        await Refused<ArgumentException>(client, "last message", []);
        await Refused<ArgumentException>(client, "last message", [ChatModel.Ask("q"), Assistant("a")]);
        await Refused<ArgumentException>(client, "first message", [Assistant("a"), ChatModel.Ask("q")]);
        await Refused<ArgumentException>(client, "no text", [ChatModel.Ask(" ")]);
        await Refused<ArgumentException>(client, "No message holds an image", [User("q")]);
        await Refused<ArgumentException>(client, "</s>", [ChatModel.Ask("the </s> wing")]);
        await Refused<ArgumentException>(client, "</s>", [ChatModel.Ask("q"), Assistant("a</s>"), User("r")]);
        await Refused<ArgumentException>(client, "<image>", [ChatModel.Ask("the <image> wing"), Assistant("a"), User("r")]);
        await Refused<NotSupportedException>(client, "2 images", [ChatModel.Ask("q"), Assistant("a"), ChatModel.Ask("r")]);
        await Refused<NotSupportedException>(client, "tool", [ChatModel.Ask("q"), new ChatMessage(ChatRole.Tool, "t"), User("r")]);
        await Refused<NotSupportedException>(
            client,
            "behind the first question",
            [ChatModel.Ask("q"), new ChatMessage(ChatRole.System, "s"), User("r")]
        );
        await Refused<NotSupportedException>(
            client,
            nameof(FunctionCallContent),
            [ChatModel.Ask("q"), new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "f")]), User("r")]
        );
        await Refused<NotSupportedException>(
            client,
            nameof(DataContent),
            [User("q"), new ChatMessage(ChatRole.Assistant, [new DataContent(ChatModel.Png, "image/png")]), User("r")]
        );
    }

    [TestMethod]
    public async Task OptionsThatCannotBeFollowedAreRefusedByName()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model, Short);
        (string Name, ChatOptions Options)[] refused =
        [
            (nameof(ChatOptions.Tools), new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")] }),
            (nameof(ChatOptions.ToolMode), new ChatOptions { ToolMode = ChatToolMode.RequireAny }),
            (nameof(ChatOptions.ResponseFormat), new ChatOptions { ResponseFormat = ChatResponseFormat.Json }),
            (nameof(ChatOptions.FrequencyPenalty), new ChatOptions { FrequencyPenalty = 0.5f }),
            (nameof(ChatOptions.PresencePenalty), new ChatOptions { PresencePenalty = 0.5f }),
            (nameof(ChatOptions.ConversationId), new ChatOptions { ConversationId = "1" }),
            (nameof(ChatOptions.ModelId), new ChatOptions { ModelId = "another" }),
            (nameof(ChatOptions.Reasoning), new ChatOptions { Reasoning = new ReasoningOptions() }),
        ];
        foreach ((string name, ChatOptions options) in refused)
        {
            await Refused<NotSupportedException>(client, name, [ChatModel.Ask("q")], options);
        }

        await Refused<ArgumentOutOfRangeException>(
            client,
            nameof(AnswerSampling.Temperature),
            [ChatModel.Ask("q")],
            new ChatOptions { Temperature = float.PositiveInfinity }
        );
        await Refused<ArgumentOutOfRangeException>(client, nameof(AnswerSampling.TopP), [ChatModel.Ask("q")], new ChatOptions { TopP = 2 });
        await Refused<ArgumentOutOfRangeException>(
            client,
            nameof(AnswerOptions.MaximumTokens),
            [ChatModel.Ask("q")],
            new ChatOptions { MaxOutputTokens = 0 }
        );
        await Refused<ArgumentException>(
            client,
            nameof(ChatOptions.StopSequences),
            [ChatModel.Ask("q")],
            new ChatOptions { StopSequences = [""] }
        );
        ChatOptions harmless = new()
        {
            ModelId = "tiny",
            FrequencyPenalty = 0,
            ResponseFormat = ChatResponseFormat.Text,
            ToolMode = ChatToolMode.Auto,
            Tools = [],
        };
        Assert.AreEqual(4, (await client.GetResponseAsync([ChatModel.Ask("q")], harmless)).Usage!.OutputTokenCount);
    }

    [TestMethod]
    public async Task ImagesAreBytesOrOnRequestFilesAndNeverFetched()
    {
        using ChatModel model = new();
        using GroundingChatClient client = new(model.Model, Short with { LocalFiles = true });
        string expected = (await client.GetResponseAsync([ChatModel.Ask("the wing?")])).Text;
        Assert.AreEqual(expected, (await client.GetResponseAsync(Showing(new Uri(model.ImagePath), "image/png"))).Text);
        Assert.AreEqual(expected, (await client.GetResponseAsync([With(await DataContent.LoadFromAsync(model.ImagePath))])).Text);
        await Refused<NotSupportedException>(
            client,
            "https://example.org/a.png",
            Showing(new Uri("https://example.org/a.png"), "image/png")
        );
        await Refused<NotSupportedException>(client, "nothing is fetched", Showing(new Uri("file://server/share/a.png"), "image/png"));
        await Refused<NotSupportedException>(client, "text/plain", [With(new DataContent("text"u8.ToArray(), "text/plain"))]);
        await Refused<NotSupportedException>(client, "audio/wav", Showing(new Uri(model.ImagePath), "audio/wav"));
        await Refused<InvalidDataException>(client, "stream", [With(new DataContent("no image"u8.ToArray(), "image/png"))]);
        string missing = Path.Combine(model.Folder, "missing.png");
        await Refused<InvalidDataException>(client, missing, Showing(new Uri(missing), "image/png"));
        using GroundingChatClient careful = new(model.Model, Short);
        await Refused<NotSupportedException>(
            careful,
            nameof(GroundingChatClientOptions.LocalFiles),
            Showing(new Uri(model.ImagePath), "image/png")
        );

        static ChatMessage With(DataContent image) => new(ChatRole.User, [image, new TextContent("the wing?")]);

        static ChatMessage[] Showing(Uri uri, string mediaType) =>
            [new ChatMessage(ChatRole.User, [new UriContent(uri, mediaType), new TextContent("the wing?")])];
    }

    private static async Task Refused<TException>(
        GroundingChatClient client,
        string named,
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null
    )
        where TException : Exception
    {
        ChatMessage[] chat = [.. messages];
        StringAssert.Contains((await Assert.ThrowsExactlyAsync<TException>(() => client.GetResponseAsync(chat, options))).Message, named);
        StringAssert.Contains(
            (
                await Assert.ThrowsExactlyAsync<TException>(() => client.GetStreamingResponseAsync(chat, options).ToChatResponseAsync())
            ).Message,
            named
        );
    }
}
