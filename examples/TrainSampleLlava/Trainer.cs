using System.Globalization;
using MLNetGrounding;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Samples.Checkpoints;
using static TorchSharp.torch;

namespace TrainSampleLlava;

/// <summary>Trains the sample LLaVA, step by step.</summary>
internal sealed class Trainer : IDisposable
{
    private const string StepKey = "step";
    private const string SeedKey = "seed";

    private readonly TrainingOptions _options;
    private readonly ParameterStore _parameters;
    private readonly TrainingNetwork _network;
    private readonly AdamW _optimizer;
    private readonly Tensor _answerIds;
    private readonly Device _device;

    /// <param name="options">What decides the result.</param>
    /// <param name="device">Where it is computed; the CPU by default.</param>
    public Trainer(TrainingOptions options, Device? device = null)
    {
        _options = options;
        _device = device ?? CPU;
        _parameters = new ParameterStore(options.Architecture, options.Seed, _device);
        _network = new TrainingNetwork(_parameters, options.Architecture, _device);
        _optimizer = new AdamW(_parameters, options.WeightDecay);
        _answerIds = tensor(SubjectExample.AnswerIds.ToArray(), device: _device);
    }

    public ParameterStore Parameters => _parameters;

    /// <summary>Steps taken so far.</summary>
    public long Step { get; private set; }

    /// <summary>Learns from one batch and gives its loss.</summary>
    public double Learn(ExampleBatch batch, AnswerScores scores)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor logProbabilities = Forward(batch);
        Tensor expected = Expected(batch);
        Tensor loss = -(logProbabilities.index_select(-1, _answerIds) * expected).sum() / expected.sum();
        IList<Tensor> gradients = autograd.grad([loss], [.. _parameters.Leaves]);
        Count(batch, logProbabilities.detach(), scores);
        Step++;
        _optimizer.Step(gradients, Step, _options.LearningRateAt(Step - 1));
        return loss.item<float>();
    }

    /// <summary>Answers the questions about other images.</summary>
    public AnswerScores Evaluate(IEnumerable<ExampleBatch> batches)
    {
        using IDisposable inference = no_grad();
        AnswerScores scores = new();
        foreach (ExampleBatch batch in batches)
        {
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            Count(batch, Forward(batch), scores);
        }

        return scores;
    }

    /// <summary>Writes everything that the next step depends on.</summary>
    public void Save(string path) =>
        SafetensorsWriter.Write(
            path,
            [.. State.Select(part => new TensorToWrite(part.Name, ScalarType.Float32, part.Values.shape, () => part.Values.cpu()))],
            new Dictionary<string, string>
            {
                [StepKey] = Step.ToString(CultureInfo.InvariantCulture),
                [SeedKey] = _options.Seed.ToString(CultureInfo.InvariantCulture),
            }
        );

    /// <summary>Continues where <see cref="Save"/> left off.</summary>
    /// <exception cref="CheckpointException">The state is another run's.</exception>
    public void Resume(string path)
    {
        using IDisposable inference = no_grad();
        var file = SafetensorsFile.Open(path);
        string seed = file.Metadata.GetValueOrDefault(SeedKey, "not told");
        if (seed != _options.Seed.ToString(CultureInfo.InvariantCulture))
        {
            throw new CheckpointException(path, $"the run's seed is {seed}, not {_options.Seed}. Resume with the seed the run began with.");
        }

        long step = long.Parse(file.Metadata[StepKey], CultureInfo.InvariantCulture);
        if (step > _options.Steps)
        {
            throw new CheckpointException(
                path,
                $"the run has taken {step} steps, more than the {_options.Steps} to train. Resume with at least as many."
            );
        }

        using FileStream stream = File.OpenRead(path);
        foreach ((string name, Tensor values) in State)
        {
            SafetensorsEntry entry = file.Entries[name];
            if (!entry.Shape.SequenceEqual(values.shape))
            {
                throw new CheckpointException(
                    path,
                    $"has {entry.Shape[0]} values; the options of this run call for {values.shape[0]}. Resume with the options the run began with.",
                    name
                );
            }

            stream.Position = entry.Offset;
            using Tensor read = zeros(values.shape);
            stream.ReadExactly(read.bytes);
            values.copy_(read);
        }

        Step = step;
    }

    public void Dispose()
    {
        _answerIds.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
        _parameters.Dispose();
    }

    private (string Name, Tensor Values)[] State =>
        [("parameters", _parameters.Values), ("first_moment", _optimizer.FirstMoment), ("second_moment", _optimizer.SecondMoment)];

    private static void Count(ExampleBatch batch, Tensor logProbabilities, AnswerScores scores)
    {
        long[] said = logProbabilities.argmax(-1).cpu().data<long>().ToArray();
        int rows = said.Length / batch.Count;
        int answers = batch.Expected.Length / batch.Count;
        for (int image = 0; image < batch.Count; image++)
        {
            scores.Add(batch.Subjects[image], said.AsSpan(image * rows, rows), batch.Expected.AsSpan(image * answers, answers));
        }
    }

    private Tensor Forward(ExampleBatch batch) =>
        _network.Forward(
            tensor(batch.Rgb, [batch.Count, _options.ImageSize, _options.ImageSize, 3]).to(_device),
            tensor(batch.SuffixIds, [batch.Count, PackedQuestions.SuffixLength]).to(_device)
        );

    /// <summary>What the rows are to predict, <c>[batch, rows, answers]</c>.</summary>
    private Tensor Expected(ExampleBatch batch) =>
        tensor(batch.Expected, [batch.Count, PackedQuestions.Rows.Count, SubjectExample.AnswerIds.Count]).to(_device);
}
