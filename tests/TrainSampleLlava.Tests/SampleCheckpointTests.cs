using System.Text.Json;
using MLNetGrounding;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Tokenization;
using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Samples.Drawing;
using MLNetGrounding.Testing;
using static TorchSharp.torch;

namespace TrainSampleLlava;

[TestClass]
public sealed class SampleCheckpointTests
{
    [TestMethod]
    public void ExtractionSeesWhatTrainingSaw()
    {
        TrainingOptions options = new() { Seed = 5 };
        using TemporaryFolder folder = new();
        using Trainer trainer = new(options);
        Round(trainer.Parameters.Values);
        SampleCheckpoint.Write(folder.Path, trainer, options, "no command");

        using SampleBirdRenderer renderer = new();
        SampleBird bird = renderer.Render(SampleSeeds.Demo[0]);
        using TrainingNetwork network = new(trainer.Parameters, options.Architecture);
        using Tensor pixels = tensor(bird.Rgb, [1, options.ImageSize, options.ImageSize, 3]);
        using Tensor trained = network.Forward(pixels).detach();
        using VisionLanguageModel model = VisionLanguageModel.Load(
            folder.Path,
            new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 }
        );
        int vocabulary = model.Info.VocabularySize;
        for (int question = 0; question < SampleWords.Questions.Count; question++)
        {
            // One question at a time, as extraction asks.
            PreparedPrompt prompt = model.Prepare(
                [AttentionQuery.Fine(SampleWords.Questions[question])],
                new CaptureOptions { SuffixLogits = true }
            );
            float[] logits = model.Capture(new RgbImage(bird.Width, bird.Height, bird.Rgb), prompt).SuffixLogits[0];
            Assert.HasCount(PackedQuestions.Forms * vocabulary, logits);
            using Tensor asked = nn.functional.log_softmax(tensor(logits, [PackedQuestions.Forms, vocabulary]), -1);
            using Tensor packed = trained[0].narrow(0, question * PackedQuestions.Forms, PackedQuestions.Forms);
            Assert.AreEqual(0, (asked - packed).abs().max().item<float>(), 1e-3, SampleWords.Questions[question]);
        }
    }

    [TestMethod]
    public void EveryPromptIsTheWordsOfTheTraining()
    {
        TrainingOptions options = new();
        using TemporaryFolder folder = new();
        using Trainer trainer = new(options);
        SampleCheckpoint.Write(folder.Path, trainer, options, "a command");
        using VisionLanguageModel model = VisionLanguageModel.Load(folder.Path);
        foreach (string word in SampleWords.Questions)
        {
            PreparedPrompt prompt = model.Prepare([AttentionQuery.Fine(word)]);
            CollectionAssert.AreEqual(SampleWords.Prefix.ToArray(), prompt.Prefix.ToArray());
            CollectionAssert.AreEqual(
                new[] { SampleWords.Id(word), SampleWords.Id(SampleWords.Assistant) },
                prompt.Suffixes[0].TokenIds.ToArray()
            );
            CollectionAssert.AreEqual(new[] { 0 }, prompt.Suffixes[0].Rows.ToArray());
        }

        IReadOnlyDictionary<string, string> metadata = SafetensorsFile
            .Open(Path.Combine(folder.Path, CheckpointFolder.SingleFileName))
            .Metadata;
        Assert.AreEqual("0", metadata["steps"]);
        Assert.AreEqual("1", metadata["seed"]);
        Assert.AreEqual("a command", metadata["command"]);
    }

    [TestMethod]
    public void TheCommittedCheckpointIsWrittenByThisCode()
    {
        TrainingOptions options = new();
        using TemporaryFolder folder = new();
        using Trainer trainer = new(options);
        SampleCheckpoint.Write(folder.Path, trainer, options, "a command");
        string[] names =
        [
            .. Directory.GetFiles(SampleLlava.Directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
        ];
        CollectionAssert.AreEqual(
            names,
            Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToArray()
        );
        foreach (
            string name in (string[])
                [CheckpointSettings.ImageProcessorFileName, TokenizerFileNames.SentencePiece, TokenizerFileNames.AddedTokens]
        )
        {
            CollectionAssert.AreEqual(
                File.ReadAllBytes(Path.Combine(SampleLlava.Directory, name)),
                File.ReadAllBytes(Path.Combine(folder.Path, name)),
                name
            );
        }

        // Later versions write settings that were left out, with the values that they had.
        Assert.AreEqual(Profile(SampleLlava.Directory), Profile(folder.Path));
        Assert.AreEqual(LlavaShape.Read(SampleLlava.Directory), LlavaShape.Read(folder.Path));
        CollectionAssert.AreEqual(Tensors(SampleLlava.Directory), Tensors(folder.Path));
    }

    private static string Profile(string directory) => JsonSerializer.Serialize(GroundingProfileFile.ReadOrDefault(directory));

    /// <summary>The tensors of a checkpoint without their values, in the order of the file.</summary>
    private static string[] Tensors(string directory) =>
        [
            .. SafetensorsFile
                .Open(Path.Combine(directory, CheckpointFolder.SingleFileName))
                .Entries.Values.OrderBy(entry => entry.Offset)
                .Select(entry => $"{entry.Name} {entry.Type} {string.Join(',', entry.Shape)}"),
        ];

    private static void Round(Tensor values)
    {
        using var inference = no_grad();
        using Tensor rounded = values.to(ScalarType.BFloat16).to(ScalarType.Float32);
        values.copy_(rounded);
    }
}
