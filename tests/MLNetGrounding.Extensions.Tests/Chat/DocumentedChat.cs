#pragma warning disable IDE0007, IDE0008 // What the page shows is written as ML.NET's own samples are.
using Microsoft.Extensions.AI;

namespace MLNetGrounding.Extensions.Chat;

/// <summary>The code of docs/answers.md; what is between the marks is on the page, word by word.</summary>
internal static class DocumentedChat
{
    public static async Task Run(string modelDirectory, TextWriter output)
    {
        // <page>
        using VisionLanguageModel model = VisionLanguageModel.Load(modelDirectory);
        using IChatClient client = model.AsIChatClient();
        DataContent photo = await DataContent.LoadFromAsync("car.png");
        List<ChatMessage> chat = [new(ChatRole.User, [photo, new TextContent("What color is the door?")])];

        ChatResponse response = await client.GetResponseAsync(chat, new ChatOptions { MaxOutputTokens = 32 });
        foreach (GroundingAnnotation word in response.GetGroundings())
        {
            output.WriteLine($"{word.Word}: looked at {word.Box}");
        }

        chat.AddMessages(response);
        chat.Add(new ChatMessage(ChatRole.User, "And the wheels?"));
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(chat))
        {
            output.Write(update.Text);
        }
        // </page>
    }
}
