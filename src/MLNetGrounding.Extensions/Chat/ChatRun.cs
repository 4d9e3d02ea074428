using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using MLNetGrounding.Models.Abstractions;

namespace MLNetGrounding.Extensions.Chat;

/// <summary>One answer of a model to a request.</summary>
/// <param name="model">The model.</param>
/// <param name="request">What is asked.</param>
/// <param name="prompt">The same in tokens.</param>
/// <param name="answering">How to answer.</param>
/// <param name="stops">Texts that end the answer.</param>
/// <param name="loading">How the image is decoded.</param>
internal sealed class ChatRun(
    VisionLanguageModel model,
    ChatRequest request,
    PreparedPrompt prompt,
    AnswerOptions answering,
    IReadOnlyList<string> stops,
    ImageLoadingOptions loading
)
{
    private readonly List<AnswerToken> _tokens = [];
    private PreparedImage? _image;
    private AnswerEnd? _end;

    /// <summary>What the answer says.</summary>
    public AnswerText Text { get; } = new(stops);

    /// <summary>Its tokens so far.</summary>
    public IReadOnlyList<AnswerToken> Tokens => _tokens;

    /// <summary>Where the image lies on the grid, once the first token is there.</summary>
    public ImageGeometry Geometry => _image!.Geometry;

    /// <summary>How tokens are chosen, in words.</summary>
    public string Decoding { get; } = model.Describe(answering);

    /// <summary>Why the answer ended, once it has.</summary>
    public ChatFinishReason Finish =>
        Text.IsStopped || _end is AnswerEnd.EndToken ? ChatFinishReason.Stop
        : _end is AnswerEnd.NoToken ? GroundingChatClient.NoToken
        : ChatFinishReason.Length;

    /// <summary>The tokens of prompt, image and answer.</summary>
    public UsageDetails Usage
    {
        get
        {
            int asked = _image is { Span: var span }
                ? prompt.Prefix.Count + span.Before.Count + span.Ids.Count + prompt.Suffixes[0].TokenIds.Count
                : 0;
            return new UsageDetails
            {
                InputTokenCount = asked,
                OutputTokenCount = _tokens.Count,
                TotalTokenCount = asked + _tokens.Count,
            };
        }
    }

    /// <summary>Answers on a thread of its own; gives a sign of life whenever there is more of the answer.</summary>
    public async IAsyncEnumerable<bool> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<AnswerUpdate> updates = model.AnswerPreparedAsync(Prepare, prompt, answering, cancellationToken);
        await foreach (AnswerUpdate update in updates.ConfigureAwait(false))
        {
            if (update.Token is { } token)
            {
                _tokens.Add(token);
                Text.Add(update.Text);
            }

            if (update.End is { } end)
            {
                _end = end;
                Text.Complete(update.Text);
            }

            yield return true;
            if (Text.IsStopped)
            {
                // The model stops with the enumeration.
                yield break;
            }
        }
    }

    private PreparedImage Prepare(CancellationToken cancellationToken) =>
        _image = model.Preprocess(ChatImage.Load(request.Image, loading), prompt, cancellationToken);
}
