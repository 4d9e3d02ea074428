namespace MLNetGrounding;

/// <summary>Changes the logits of an answer's next token before it is chosen, such as barring tokens or preferring some.</summary>
/// <remarks>
/// May be used by several threads at a time. Log-probabilities that are handed out are the model's own, before any processor.
/// </remarks>
public interface ILogitsProcessor
{
    /// <summary>Changes logits in place; minus infinity bars a token.</summary>
    /// <param name="logits">One a token id, <c>[vocabulary]</c>.</param>
    /// <param name="context">What was said so far.</param>
    void Process(Span<float> logits, AnswerContext context);
}
