using Microsoft.Extensions.AI;
using MLNetGrounding.Models.Prompts;

namespace MLNetGrounding.Extensions.Chat;

/// <summary>Messages as a model is asked: a system message, questions and answers in turn, one image, and the question to answer.</summary>
/// <param name="System">The system message; <see langword="null"/> for none.</param>
/// <param name="Earlier">What was asked and answered before.</param>
/// <param name="Question">What is asked.</param>
/// <param name="Image">The content that holds the image.</param>
internal sealed record ChatRequest(string? System, IReadOnlyList<ChatTurn> Earlier, string Question, AIContent Image)
{
    /// <summary>Reads messages.</summary>
    /// <exception cref="ArgumentException">There is no question or no image, or the messages are in no order that makes a chat.</exception>
    /// <exception cref="NotSupportedException">A message holds what models are not asked with; it names it.</exception>
    public static ChatRequest Read(IEnumerable<ChatMessage> messages, string? instructions)
    {
        List<string> system = string.IsNullOrEmpty(instructions) ? [] : [instructions];
        List<Part> parts = [];
        foreach (ChatMessage message in messages)
        {
            if (message.Role == ChatRole.System)
            {
                system.Add(
                    parts.Count == 0
                        ? PartOf(message).Text
                        : throw new NotSupportedException(
                            "A system message stands behind the first question; prompts have one at their beginning only. Put it first."
                        )
                );
                continue;
            }

            Part part =
                message.Role == ChatRole.User || message.Role == ChatRole.Assistant
                    ? PartOf(message)
                    : throw new NotSupportedException(
                        $"A message has the role '{message.Role}'; this client knows {ChatRole.System}, {ChatRole.User} and {ChatRole.Assistant}."
                    );
            if (parts.Count > 0 && parts[^1].Role == part.Role)
            {
                parts[^1] = parts[^1].With(part);
            }
            else
            {
                parts.Add(part);
            }
        }

        return Of(system.Count == 0 ? null : string.Join("\n", system), parts);
    }

    private static ChatRequest Of(string? system, List<Part> parts)
    {
        if (parts.Count == 0 || parts[^1].Role != ChatRole.User)
        {
            throw new ArgumentException("The last message must be the user's; it is what the model answers.");
        }

        if (parts[0].Role != ChatRole.User)
        {
            throw new ArgumentException("The first message after the system's must be the user's; an answer stands there.");
        }

        if (parts.FirstOrDefault(part => part.Role == ChatRole.User && string.IsNullOrWhiteSpace(part.Text)) is not null)
        {
            throw new ArgumentException("A message of the user has no text. Say what is asked about the image in the same message.");
        }

        AIContent[] images = [.. parts.SelectMany(part => part.Images)];
        List<ChatTurn> earlier = [];
        for (int part = 0; part + 1 < parts.Count; part += 2)
        {
            earlier.Add(new ChatTurn(parts[part].Text, parts[part + 1].Text, parts[part].Images.Count > 0));
        }

        return images.Length switch
        {
            0 => throw new ArgumentException(
                "No message holds an image, and the model is asked about one. Add a DataContent with the bytes of an image file to a message of the user."
            ),
            1 => new ChatRequest(system, earlier, parts[^1].Text, images[0]),
            _ => throw new NotSupportedException(
                $"The messages hold {images.Length} images; the model is asked about one. Begin a new chat for another image."
            ),
        };
    }

    private static Part PartOf(ChatMessage message)
    {
        List<AIContent> images = [];
        string text = "";
        foreach (AIContent content in message.Contents)
        {
            switch (content)
            {
                case TextContent written:
                    text += written.Text;
                    break;
                case DataContent or UriContent when message.Role == ChatRole.User:
                    images.Add(content);
                    break;
                case UsageContent:
                    break;
                default:
                    throw new NotSupportedException(
                        $"A message of the role '{message.Role}' holds a {content.GetType().Name}; text and, in the user's messages, an image as {nameof(DataContent)} or {nameof(UriContent)} were expected."
                    );
            }
        }

        return new Part(message.Role, text, images);
    }

    private sealed record Part(ChatRole Role, string Text, IReadOnlyList<AIContent> Images)
    {
        /// <summary>One message of two that follow each other and are of the same role.</summary>
        public Part With(Part next) =>
            new(Role, Text.Length > 0 && next.Text.Length > 0 ? $"{Text}\n{next.Text}" : Text + next.Text, [.. Images, .. next.Images]);
    }
}
