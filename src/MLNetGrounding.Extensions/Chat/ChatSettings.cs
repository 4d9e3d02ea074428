using Microsoft.Extensions.AI;

namespace MLNetGrounding.Extensions.Chat;

/// <summary>What options of a request mean for the model.</summary>
internal static class ChatSettings
{
    /// <summary>How to answer.</summary>
    /// <param name="options">What the request says.</param>
    /// <param name="own">What counts where it says nothing.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public static AnswerOptions Answering(ChatOptions options, AnswerOptions own, VisionLanguageModel model)
    {
        AnswerOptions answering = own;
        if (options.Temperature is not null || options.TopP is not null || options.TopK is not null)
        {
            AnswerSampling sampling = own.UseCheckpointSampling ? model.CheckpointSampling : own.Sampling;
            answering = answering with
            {
                UseCheckpointSampling = false,
                Sampling = sampling with
                {
                    Temperature = Number(options.Temperature) ?? sampling.Temperature,
                    TopP = Number(options.TopP) ?? sampling.TopP,
                    TopK = options.TopK ?? sampling.TopK,
                },
            };
        }

        answering = answering with
        {
            MaximumTokens = options.MaxOutputTokens ?? answering.MaximumTokens,
            Seed = options.Seed is { } seed ? unchecked((ulong)seed) : answering.Seed,
        };
        answering.Validate();
        return answering;
    }

    /// <summary>Texts that end an answer.</summary>
    /// <exception cref="ArgumentException">One is empty.</exception>
    public static string[] Stops(ChatOptions options)
    {
        string[] stops = [.. options.StopSequences ?? []];
        return stops.All(stop => !string.IsNullOrEmpty(stop))
            ? stops
            : throw new ArgumentException(
                $"{nameof(ChatOptions)}.{nameof(ChatOptions.StopSequences)} has an empty text, which would end every answer at once."
            );
    }

    /// <summary>Refuses what a local model cannot do, instead of leaving it out.</summary>
    /// <exception cref="NotSupportedException">It is asked for.</exception>
    public static void RefuseOthers(ChatOptions options, string modelId)
    {
        Refuse(options.Tools is { Count: > 0 }, nameof(options.Tools), "the models call no tools");
        Refuse(options.ToolMode is RequiredChatToolMode, nameof(options.ToolMode), "the models call no tools");
        Refuse(options.Reasoning is not null, nameof(options.Reasoning), "the models answer without");
        Refuse(options.ResponseFormat is ChatResponseFormatJson, nameof(options.ResponseFormat), "answers are free text");
        Refuse(options.FrequencyPenalty is not (null or 0), nameof(options.FrequencyPenalty), Penalty);
        Refuse(options.PresencePenalty is not (null or 0), nameof(options.PresencePenalty), Penalty);
        Refuse(options.ConversationId is not null, nameof(options.ConversationId), "nothing is kept between requests; send all messages");
        Refuse(
            options.ModelId is { } wanted && wanted != modelId,
            nameof(options.ModelId),
            $"'{options.ModelId}' was asked for, and this client's model is '{modelId}'"
        );

        static void Refuse(bool isAsked, string name, string reason)
        {
            if (isAsked)
            {
                throw new NotSupportedException($"{nameof(ChatOptions)}.{name} cannot be followed: {reason}.");
            }
        }
    }

    private const string Penalty =
        $"set {nameof(AnswerSampling)}.{nameof(AnswerSampling.RepetitionPenalty)} of {nameof(GroundingChatClientOptions)}.{nameof(GroundingChatClientOptions.Answering)} instead";

    /// <summary>The number that was written: 0.7 and not the nearest one of half the digits.</summary>
    private static double? Number(float? value) =>
        value is not { } number ? null
        : float.IsFinite(number) && Math.Abs(number) < 1e6f ? (double)(decimal)number
        : number;
}
