using System.Diagnostics;
using MLNetGrounding.Samples;
using TrainSampleLlava;
using static TorchSharp.torch;

Dictionary<string, string> given = args.Chunk(2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1]);
string Text(string name, string otherwise) => given.GetValueOrDefault(name, otherwise);
int Number(string name, int otherwise) => int.Parse(Text(name, otherwise.ToString()));
MLNetGrounding.Llava.TorchRuntime.EnsureLoadable();
set_num_threads(Number("threads", 2));
TrainingOptions options = new();
options = options with
{
    Steps = Number("steps", options.Steps), BatchSize = Number("batch", options.BatchSize), LearningRate = double.Parse(Text("lr", "0.002")),
    WarmUpSteps = Number("warmup", options.WarmUpSteps), CurriculumSteps = Number("curriculum", options.CurriculumSteps),
    VisionLayers = Number("vision", options.VisionLayers), TextLayers = Number("text", options.TextLayers), Width = Number("width", options.Width),
    Heads = Number("heads", options.Heads), ImageSize = Number("image", options.ImageSize), PatchSize = Number("patch", options.PatchSize),
    BFloat16 = Text("type", "f32") == "bf16", UniqueBirds = Number("unique", options.UniqueBirds),
};
if (given.ContainsKey("render"))
{
    using SampleBirdRenderer renderer = new();
    Stopwatch render = Stopwatch.StartNew();
    List<double> luminance = [];
    for (ulong seed = 0; seed < 500; seed++) BirdExample.Draw(renderer, seed, 1, 168);
    Console.WriteLine($"{500 / render.Elapsed.TotalSeconds:0} birds/s");
    for (ulong seed = 0; seed < 500; seed++) luminance.Add(BirdExample.BackgroundLuminance(renderer.Render(seed)));
    luminance.Sort();
    Console.WriteLine($"luminance quartiles {luminance[125]:0} {luminance[250]:0} {luminance[375]:0}");
    return;
}
int limit = Number("limit", int.MaxValue);
using Trainer trainer = new(options);
Console.WriteLine($"{trainer.Parameters.Values.numel()} parameters");
using BirdBatchQueue queue = new(options, 0);
AnswerScores scores = new();
double loss = 0, wait = 0;
int every = Number("every", 100);
Stopwatch watch = Stopwatch.StartNew();
Stopwatch total = Stopwatch.StartNew();
SampleSeedRange validation = new("validation", SampleSeeds.Train[SampleSeeds.Train.Count - 1000], 1000);
while (trainer.Step < options.Steps && total.Elapsed.TotalSeconds < limit)
{
    Stopwatch waiting = Stopwatch.StartNew();
    BirdBatch batch = queue.Take();
    wait += waiting.Elapsed.TotalSeconds;
    loss += trainer.Learn(batch, scores);
    if (trainer.Step % every == 0)
    {
        Console.WriteLine($"step {trainer.Step} {total.Elapsed.TotalSeconds:0}s {every * options.BatchSize / watch.Elapsed.TotalSeconds:0} img/s wait {wait:0.0}s loss {loss / every:0.0000} acc {scores.PartAccuracy():0.000} d {options.DifficultyAt(trainer.Step):0.00} {scores}");
        scores = new(); loss = 0; wait = 0; watch.Restart();
    }
    if (trainer.Step % (every * 20) == 0)
    {
        Console.WriteLine($"  held out: {trainer.Evaluate(validation, 256)}");
        watch.Restart();
    }
}
