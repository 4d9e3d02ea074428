using System.Diagnostics;
using MLNetGrounding.Samples;
using static TorchSharp.torch;

namespace TrainSampleLlava;

/// <summary>Trains the sample LLaVA, step by step.</summary>
internal sealed class Trainer : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly ParameterStore _parameters;
    private readonly TrainingNetwork _network;
    private readonly AdamW _optimizer;
    private readonly Tensor _answerIds;

    public Trainer(TrainingOptions options)
    {
        _options = options;
        ScalarType type = options.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        _parameters = new ParameterStore(options.Architecture, type, options.Seed);
        _network = new TrainingNetwork(_parameters, options.Architecture, type);
        _optimizer = new AdamW(_parameters, options.WeightDecay);
        _answerIds = tensor(AnswerScores.AnswerIds.ToArray());
    }

    public ParameterStore Parameters => _parameters;

    public AdamW Optimizer => _optimizer;

    /// <summary>Steps taken so far.</summary>
    public long Step { get; set; }

    /// <summary>Learns from one batch and gives its loss.</summary>
    public double Learn(BirdBatch batch, AnswerScores scores)
    {
        using var scope = NewDisposeScope();
        Tensor logProbabilities = Forward(batch);
        Tensor expected = Expected(batch);
        Tensor loss = -(logProbabilities.index_select(-1, _answerIds) * expected).sum() / expected.sum();
        IList<Tensor> gradients = autograd.grad([loss], [.. _parameters.Leaves]);
        Count(batch, logProbabilities.detach(), scores);
        Step++;
        _optimizer.Step(gradients, Step, _options.LearningRateAt(Step - 1));
        return loss.item<float>();
    }

    /// <summary>Answers the questions about birds of other seeds.</summary>
    public AnswerScores Evaluate(SampleSeedRange seeds, int count)
    {
        using var inference = no_grad();
        using SampleBirdRenderer renderer = new();
        AnswerScores scores = new();
        for (int start = 0; start < count; start += _options.BatchSize)
        {
            using var scope = NewDisposeScope();
            BirdBatch batch = BirdBatch.Of([.. Enumerable.Range(start, Math.Min(_options.BatchSize, count - start))
                .Select(index => BirdExample.Draw(renderer, seeds[index], 1, _options.ImageSize))]);
            Count(batch, Forward(batch), scores);
        }

        return scores;
    }

    public void Dispose()
    {
        _answerIds.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
        _parameters.Dispose();
    }

    private static void Count(BirdBatch batch, Tensor logProbabilities, AnswerScores scores)
    {
        long[] said = logProbabilities.argmax(-1).data<long>().ToArray();
        int rows = said.Length / batch.Count;
        int answers = batch.Answers.Length / batch.Count;
        for (int picture = 0; picture < batch.Count; picture++)
        {
            scores.Add(said.AsSpan(picture * rows, rows), batch.Answers.AsSpan(picture * answers, answers));
        }
    }

    private Tensor Forward(BirdBatch batch) =>
        _network.Forward(tensor(batch.Rgb, [batch.Count, _options.ImageSize, _options.ImageSize, 3]));

    /// <summary>The expected answers at both forms, <c>[batch, questions * forms, answerWords]</c>.</summary>
    private static Tensor Expected(BirdBatch batch) =>
        tensor(batch.Answers, [batch.Count, SampleWords.Questions.Count, BirdExample.AnswerWords.Count]).repeat_interleave(PackedQuestions.Forms, 1);
}
