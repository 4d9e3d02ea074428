using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace MLNetGrounding;

/// <summary>Chats with local models.</summary>
public static class GroundingChatExtensions
{
    /// <summary>Makes a chat client of a model.</summary>
    /// <param name="model">The model, of which the client takes a share; it stays the caller's to dispose.</param>
    /// <param name="options">How it answers, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="InvalidOperationException">The checkpoint has no tokenizer.</exception>
    public static IChatClient AsIChatClient(this VisionLanguageModel model, GroundingChatClientOptions? options = null) =>
        new GroundingChatClient(model, options);

    /// <summary>The annotations of a response's words, message by message.</summary>
    /// <param name="response">The response, also one that was put together from a stream.</param>
    public static IEnumerable<GroundingAnnotation> GetGroundings(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response
            .Messages.SelectMany(message => message.Contents)
            .SelectMany(content => content.Annotations ?? [])
            .OfType<GroundingAnnotation>();
    }

    /// <summary>
    /// Lets JSON hold <see cref="GroundingAnnotation"/>s, which otherwise cannot be written: for caches of responses and services that send
    /// them on.
    /// </summary>
    /// <param name="options">
    /// Options that are not in use yet, such as a copy of <see cref="AIJsonUtilities.DefaultOptions"/>.
    /// </param>
    /// <exception cref="InvalidOperationException">The options are in use.</exception>
    public static void AddGroundingAnnotations(this JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IJsonTypeInfoResolver resolver = options.TypeInfoResolver ?? AIJsonUtilities.DefaultOptions.TypeInfoResolver!;
        options.TypeInfoResolver = JsonTypeInfoResolver
            .Combine(resolver, new DefaultJsonTypeInfoResolver())
            .WithAddedModifier(type =>
            {
                if (type.Type == typeof(AIAnnotation) && type.PolymorphismOptions is { } kinds)
                {
                    kinds.DerivedTypes.Add(new JsonDerivedType(typeof(GroundingAnnotation), "grounding"));
                }
            });
    }
}
