using System.Text.Json;
using MLNetGrounding;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Tokenization;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Samples.Figures;
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

        using SubjectDrawer drawer = new();
        using TrainingNetwork network = new(trainer.Parameters, options.Architecture, CPU);
        using var model = VisionLanguageModel.Load(folder.Path, new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 });
        foreach (Subject subject in Subject.All)
        {
            SampleFigure figure = drawer.Draw(subject, SampleSeeds.Demo[0], options.ImageSize, options.ImageSize, difficulty: 1);
            var example = SubjectExample.Of(subject, figure, options.ImageSize);
            using Tensor pixels = tensor(example.Rgb, [1, options.ImageSize, options.ImageSize, 3]);
            using Tensor trained = network.Forward(pixels, tensor(example.SuffixIds, [1, PackedQuestions.SuffixLength])).detach();
            foreach (AskedRow row in PackedQuestions.Rows)
            {
                // One question at a time, as extraction asks.
                int at = row.Form switch
                {
                    AnswerForm.Word => 0,
                    AnswerForm.Prompt => 1,
                    AnswerForm.QuestionWord => SampleWords.Stem.Count,
                    AnswerForm.Question => SampleWords.Stem.Count + 2,
                    _ => -1,
                };
                if (at < 0)
                {
                    continue;
                }

                bool isQuestion = row.Form >= AnswerForm.QuestionWord;
                AttentionQuery query = isQuestion
                    ? HeldOutAccuracy.Question(subject.Words[row.Word])
                    : AttentionQuery.Fine(subject.Words[row.Word]);
                PreparedPrompt prompt = model.Prepare([query], new CaptureOptions { SuffixLogits = true });
                int vocabulary = model.Info.VocabularySize;
                float[] logits = model.Capture(new RgbImage(figure.Width, figure.Height, figure.Rgb), prompt).SuffixLogits[0];
                Assert.HasCount((isQuestion ? SampleWords.Stem.Count + 3 : 2) * vocabulary, logits);
                using Tensor asked = nn.functional.log_softmax(tensor(logits.AsSpan(at * vocabulary, vocabulary).ToArray()), -1);
                using Tensor packed = trained[0][PackedQuestions.RowOf(row.Word, row.Form)];
                Assert.AreEqual(0, (asked - packed).abs().max().item<float>(), 1e-3, $"{row.Form} of {subject.Words[row.Word]}");
            }
        }
    }

    [TestMethod]
    public void TheEndsOfTrainingAreThoseOfAnswering()
    {
        // After an answer of one token the next one is predicted from what training made end.
        using var model = VisionLanguageModel.Load(SampleLlava.Directory);
        using SubjectDrawer drawer = new();
        CollectionAssert.AreEqual(new[] { SampleWords.EndOfSequence }, model.EndTokenIds.ToArray());
        foreach (Subject subject in Subject.All)
        {
            SampleFigure figure = drawer.Draw(subject, SampleSeeds.Demo[1], 240, 240, difficulty: 0);
            PreparedPrompt prompt = model.Prepare([
                .. subject.Words.Select(AttentionQuery.Fine),
                .. subject.Questioned.Select(word => HeldOutAccuracy.Question(word) with { Name = word + "?" }),
            ]);
            ImageAnswers answers = model.Answer(new RgbImage(figure.Width, figure.Height, figure.Rgb), prompt);
            foreach (Answer answer in answers.Answers)
            {
                Assert.AreEqual(AnswerEnd.EndToken, answer.End, answer.Query.Name);
                Assert.HasCount(1, answer.Tokens, answer.Query.Name);
                Assert.Contains(answer.Text.Trim(), SampleWords.Answers);
            }
        }
    }

    [TestMethod]
    public void EveryPromptIsTheWordsOfTheTraining()
    {
        TrainingOptions options = new();
        using TemporaryFolder folder = new();
        using Trainer trainer = new(options);
        SampleCheckpoint.Write(folder.Path, trainer, options, "a command");
        using var model = VisionLanguageModel.Load(folder.Path);
        foreach (Subject subject in Subject.All)
        {
            long[] suffix = PackedQuestions.SuffixIds(subject, new long[PackedQuestions.Rows.Count]);
            foreach (string word in subject.Words)
            {
                PreparedPrompt prompt = model.Prepare([AttentionQuery.Fine(word)]);
                CollectionAssert.AreEqual(SampleWords.Prefix.ToArray(), prompt.Prefix.ToArray());
                CollectionAssert.AreEqual(
                    new[] { SampleWords.Id(word), SampleWords.Id(SampleWords.Assistant) },
                    prompt.Suffixes[0].TokenIds.ToArray()
                );
                CollectionAssert.AreEqual(new[] { 0 }, prompt.Suffixes[0].Rows.ToArray());
            }

            foreach ((int index, string word) in subject.Questioned.Index())
            {
                PreparedPrompt prompt = model.Prepare([HeldOutAccuracy.Question(word)]);
                int first = PackedQuestions.Rows[PackedQuestions.RowOf(index, AnswerForm.QuestionWord)].Position;
                int stem = PackedQuestions.Rows[PackedQuestions.RowOf(0, AnswerForm.QuestionWord)].Position - SampleWords.Stem.Count;
                CollectionAssert.AreEqual(
                    suffix[stem..(stem + SampleWords.Stem.Count)].Concat(suffix[first..(first + 3)]).ToArray(),
                    prompt.Suffixes[0].TokenIds.Select(id => (long)id).ToArray()
                );
                CollectionAssert.AreEqual(new[] { SampleWords.Stem.Count }, prompt.Suffixes[0].Rows.ToArray());
            }
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
        using IDisposable inference = no_grad();
        using Tensor rounded = values.to(ScalarType.BFloat16).to(ScalarType.Float32);
        values.copy_(rounded);
    }
}
