namespace TrainSampleLlava;

/// <summary>Where an answer, or its end, is predicted.</summary>
internal enum AnswerForm
{
    /// <summary>At the word asked alone: "beak red".</summary>
    Word,

    /// <summary>At the end of that prompt: "beak ASSISTANT: red".</summary>
    Prompt,

    /// <summary>At its answer: the end token.</summary>
    PromptEnd,

    /// <summary>At the word within a question: "What color is the beak red".</summary>
    QuestionWord,

    /// <summary>At the end of that prompt: "What color is the beak? ASSISTANT: red".</summary>
    Question,

    /// <summary>At its answer: the end token.</summary>
    QuestionEnd,
}
