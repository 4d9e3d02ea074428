namespace MLNetGrounding.Models.Abstractions;

/// <summary>How a model is asked where neither <c>grounding.json</c> nor a known chat template says it.</summary>
/// <param name="Template">The prompt, with <c>&lt;image&gt;</c> where the image stands and <c>{question}</c> where the question does.</param>
/// <param name="Origin">Where the template comes from, for the log, such as "the usual form of qwen2 decoders".</param>
/// <param name="ImageToken">The text of the token that stands for the image in the tokenizer, which a question must not contain.</param>
internal sealed record PromptFormat(string Template, string Origin, string ImageToken);
