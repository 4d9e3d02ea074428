using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using MLNetGrounding.Extensions.Chat;

namespace MLNetGrounding;

/// <summary>
/// A local vision-language model as an <see cref="IChatClient"/>: it is asked about one image in text, and says for each word of its answer
/// where it looked.
/// </summary>
/// <remarks>
/// <para>
/// A chat is a system message, where the model's prompts have one, and questions and answers in turn, as far as it is known how the model's
/// chats are written. Exactly one image comes with one of the questions; it stands before that message's text, as models are trained on.
/// What a model cannot do, such as tools, is refused by name. Nothing is kept between requests.
/// </para>
/// <para>
/// It may be called from several threads at a time, and every answer is what it would be alone; all share the weights and compete for the
/// processor. Each request works on a thread of its own.
/// </para>
/// </remarks>
public sealed class GroundingChatClient : IChatClient
{
    private const string ProviderName = "mlnetgrounding";
    private const string DecodingKey = "decoding";

    private readonly VisionLanguageModel _model;
    private readonly GroundingChatClientOptions _options;
    private readonly ChatClientMetadata _metadata;
    private int _disposed;

    /// <summary>Makes a client of a model.</summary>
    /// <param name="model">The model, of which the client takes a share; it stays the caller's to dispose.</param>
    /// <param name="options">How it answers, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="InvalidOperationException">The checkpoint has no tokenizer.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public GroundingChatClient(VisionLanguageModel model, GroundingChatClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _options = options ?? new GroundingChatClientOptions();
        _options.Validate();
        if (!model.HasTokenizer)
        {
            throw new InvalidOperationException($"{model.Directory} has no tokenizer, and a chat is text. Add its tokenizer files.");
        }

        _metadata = new ChatClientMetadata(ProviderName, providerUri: null, _options.ModelId ?? Path.GetFileName(model.Directory));
        _model = model.Share();
    }

    /// <summary>
    /// Why an answer ended that no token could be chosen for: the model's output is not finite, or logits processors barred every token.
    /// </summary>
    public static ChatFinishReason NoToken { get; } = new("no_token");

    private string ModelId => _metadata.DefaultModelId!;

    /// <summary>Answers the last message.</summary>
    /// <param name="messages">The chat.</param>
    /// <param name="options">
    /// Of these, <see cref="ChatOptions.MaxOutputTokens"/>, <see cref="ChatOptions.Temperature"/>, <see cref="ChatOptions.TopP"/>,
    /// <see cref="ChatOptions.TopK"/>, <see cref="ChatOptions.Seed"/>, <see cref="ChatOptions.StopSequences"/> and
    /// <see cref="ChatOptions.Instructions"/>, a system message, are followed; <see cref="ChatOptions.RawRepresentationFactory"/> may give
    /// <see cref="AnswerOptions"/>, which take the place of <see cref="GroundingChatClientOptions.Answering"/>. Temperature 0, the default,
    /// takes the most probable token.
    /// </param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <returns>
    /// The answer as one text, with a <see cref="GroundingAnnotation"/> for each word where
    /// <see cref="GroundingChatClientOptions.Annotations"/> says so; its <c>decoding</c> property says how tokens were chosen.
    /// </returns>
    /// <exception cref="ArgumentException">The messages make no chat, hold no image, or an option is outside its range.</exception>
    /// <exception cref="NotSupportedException">The model cannot do what is asked for; the message names it.</exception>
    /// <exception cref="InvalidDataException">The image cannot be decoded.</exception>
    /// <exception cref="CheckpointException">A mapped weight file was changed since the model was opened.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ChatRun run = Begin(messages, options, _options.Annotations, out bool annotates);
        DateTimeOffset created = DateTimeOffset.UtcNow;
        await foreach (bool _ in run.Run(cancellationToken).ConfigureAwait(false))
        {
            // The whole is what counts.
        }

        AnswerText text = run.Text;
        TextContent content = new(text.End > text.Start ? text[text.Start..text.End] : "");
        if (annotates && run.Tokens.Count > 0)
        {
            AnnotatedWords words = new(run.Tokens, run.Geometry, _options.Region);
            content.Annotations = [.. text.Words.Select(word => words.Annotate(word, word.Start - text.Start))];
        }

        return new ChatResponse(new ChatMessage(ChatRole.Assistant, [content]) { MessageId = NewId(), CreatedAt = created })
        {
            ResponseId = NewId(),
            ModelId = ModelId,
            CreatedAt = created,
            FinishReason = run.Finish,
            Usage = run.Usage,
            AdditionalProperties = Described(run),
        };
    }

    /// <summary>Answers the last message, and hands out the answer while it is generated.</summary>
    /// <param name="messages">The chat.</param>
    /// <param name="options">As for <see cref="GetResponseAsync"/>.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <returns>
    /// The text as it becomes complete, and at the end why it ended and what was used. Where
    /// <see cref="GroundingChatClientOptions.StreamedAnnotations"/> says so, or <see cref="AnswerOptions.Maps"/> of
    /// <see cref="ChatOptions.RawRepresentationFactory"/>, word by word with a <see cref="GroundingAnnotation"/> each. The model stops when
    /// the enumeration does.
    /// </returns>
    /// <exception cref="ArgumentException">As for <see cref="GetResponseAsync"/>.</exception>
    /// <exception cref="NotSupportedException">As for <see cref="GetResponseAsync"/>.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ChatRun run = Begin(messages, options, _options.StreamedAnnotations, out bool annotates);
        return Stream(run, annotates, cancellationToken);
    }

    /// <summary>
    /// Gives the <see cref="ChatClientMetadata"/>, the <see cref="VisionLanguageModel"/>, which stays the client's, or the client itself.
    /// </summary>
    /// <param name="serviceType">What is asked for.</param>
    /// <param name="serviceKey">A name; there are none.</param>
    /// <returns>The object, or <see langword="null"/>.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(VisionLanguageModel) ? _model
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Gives up the client's share of the model.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _model.Dispose();
        }
    }

    private static string NewId() => Guid.NewGuid().ToString("N");

    private static AdditionalPropertiesDictionary Described(ChatRun run) => new() { [DecodingKey] = run.Decoding };

    private ChatRun Begin(IEnumerable<ChatMessage> messages, ChatOptions? options, bool annotated, out bool annotates)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        options ??= new ChatOptions();
        ChatSettings.RefuseOthers(options, ModelId);
        var request = ChatRequest.Read(messages, options.Instructions);
        ChatImage.Require(request.Image, _options.LocalFiles);
        var raw = options.RawRepresentationFactory?.Invoke(this) as AnswerOptions;
        AnswerOptions answering = ChatSettings.Answering(options, raw ?? _options.Answering, _model);
        annotates = annotated || answering.Maps;
        PreparedPrompt prompt = _model.PrepareChat(
            [
                new AttentionQuery
                {
                    Name = request.Question,
                    Question = request.Question,
                    Role = QueryRole.Neutral,
                },
            ],
            CaptureFor(request.System),
            request.Earlier
        );
        return new ChatRun(_model, request, prompt, answering with { Maps = annotates }, ChatSettings.Stops(options), _options.Loading);
    }

    private CaptureOptions CaptureFor(string? system)
    {
        if (system is null)
        {
            return _options.Capture;
        }

        return _model.HasSystemMessages
            ? _options.Capture with
            {
                Profile = (_options.Capture.Profile ?? _model.Profile) with { SystemMessage = system },
            }
            : throw new NotSupportedException(
                $"The chat has a system message, and prompts of the family {_model.Info.Family} have none. Say it in the first question."
            );
    }

    private async IAsyncEnumerable<ChatResponseUpdate> Stream(
        ChatRun run,
        bool annotates,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        (string response, string message) = (NewId(), NewId());
        DateTimeOffset created = DateTimeOffset.UtcNow;
        AnswerText text = run.Text;
        AnnotatedWords? words = null;
        int shown = 0;
        int next = 0;
        await foreach (bool _ in run.Run(cancellationToken).ConfigureAwait(false))
        {
            shown = Math.Max(shown, text.Start);
            if (annotates && run.Tokens.Count > 0)
            {
                words ??= new AnnotatedWords(run.Tokens, run.Geometry, _options.Region);
                foreach (TextContent content in Words(isWhole: false))
                {
                    yield return Update(content);
                }
            }
            else if (!annotates && text.End > shown)
            {
                yield return Update(new TextContent(text[shown..text.End]));
                shown = text.End;
            }
        }

        if (words is not null)
        {
            foreach (TextContent content in Words(isWhole: true))
            {
                yield return Update(content);
            }
        }

        if (text.End > shown)
        {
            yield return Update(new TextContent(text[shown..text.End]));
        }

        ChatResponseUpdate last = Update(new UsageContent(run.Usage));
        last.FinishReason = run.Finish;
        last.AdditionalProperties = Described(run);
        yield return last;

        ChatResponseUpdate Update(AIContent content) =>
            new(ChatRole.Assistant, [content])
            {
                ResponseId = response,
                MessageId = message,
                ModelId = ModelId,
                CreatedAt = created,
            };

        // Each word with the white space before it, once it cannot grow any more.
        IEnumerable<TextContent> Words(bool isWhole)
        {
            IReadOnlyList<AnswerWord> all = text.Words;
            for (; next < all.Count; next++)
            {
                AnswerWord word = all[next];
                int end = word.Start + word.Text.Length;
                if (!isWhole && end >= text.End)
                {
                    yield break;
                }

                TextContent content = new(text[shown..end]) { Annotations = [words.Annotate(word, word.Start - shown)] };
                shown = end;
                yield return content;
            }
        }
    }
}
