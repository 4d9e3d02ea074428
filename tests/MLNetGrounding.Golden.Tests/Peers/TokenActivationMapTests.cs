using MLNetGrounding.Golden.Models;
using MLNetGrounding.Maths.Activation;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Golden.Peers;

/// <summary>Token Activation Map (Li et al., ICCV 2025), as released and mended.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class TokenActivationMapTests
{
    private const string Peer = "TAM";

    public static IEnumerable<object[]> Cases => PeerCase.Of(Peer, "logits_prompt.npy");

    public static IEnumerable<object[]> FilterCases => PeerCase.Of(Peer, "constant_in.npy");

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void EveryTokensMapIsTheReleases(string folder)
    {
        PeerCase each = new(Peer, folder);
        Check(each, "", released: true);
        if (each.Has("mended_raw"))
        {
            Check(each, "mended_", released: false);
        }

        each.Complete();
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void TheModelsMapOfAQuestionsWordIsTheMendedOne(string folder)
    {
        PeerCase each = new(Peer, folder);
        CaptureOptions options = new()
        {
            Fit = ImageFit.Native,
            Row = QueryRow.WordMean,
            Flow = null,
            Observers = [new TokenActivationObserver(QueryRow.WordMean)],
        };
        GoldenQuery? asked = null;
        AttentionCapture? capture = each.Has("mended_normalised")
            ? PeerModel.Capture(
                folder,
                options,
                (golden, _) =>
                {
                    asked = golden.Queries[1];
                    return new AttentionQuery
                    {
                        Name = asked.Word,
                        Word = asked.Word,
                        Question = asked.Question,
                    };
                }
            )
            : null;
        if (capture is null)
        {
            Assert.Inconclusive($"{folder} has no mended maps, or its checkpoint is not there.");
        }

        int[] question = each.Numbers("prompt_range");
        int start = asked!.SuffixStart;
        CollectionAssert.AreEqual(
            Enumerable.Range(question[0] - start, question[1] - question[0]).ToArray(),
            capture.Prompt.Suffixes[0].Question.ToArray(),
            "the question's own tokens"
        );
        NpyFile maps = each.Read("mended_normalised");
        int cells = maps.Shape[1] * maps.Shape[2];
        float[] stored = maps.Floats();
        for (int cell = 0; cell < cells; cell++)
        {
            Assert.AreEqual(
                asked.WordPositions.Average(position => (double)stored[((position - question[0]) * cells) + cell]),
                capture.Observations[0][cell],
                1e-4
            );
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void TheModelsMapsOfAnAnswersTokensAreTheReleasesAndTheMendedOnes(string folder)
    {
        PeerCase each = new(Peer, folder);
        if (!each.Has("mended_filtered"))
        {
            Assert.Inconclusive($"{folder} has no mended maps: its words are not its tokens.");
        }

        int[] tokens = each.Numbers("tokens")[each.Number("answer_start")..];
        int[] question = each.Numbers("prompt_range");
        int[] ids = [.. each.Numbers("tokens")[question[0]..question[1]], .. tokens];
        string[] texts = each.Texts("texts");
        foreach ((string array, bool released) in new[] { ("filtered", true), ("mended_filtered", false) })
        {
            TokenActivationOptions options = new()
            {
                FirstTokenAsReleased = released,
                Filter = new RankGaussianFilter { ConstantWindowsAsReleased = released },
            };
            if (PeerModel.Answer(folder, query: 1, tokens.Length, options) is not { } answer)
            {
                Assert.Inconclusive("The checkpoint is not there.");
                return;
            }

            CollectionAssert.AreEqual(tokens, answer.TokenIds.ToArray());
            NpyFile maps = each.Read(array);
            int cells = maps.Shape[1] * maps.Shape[2];
            float[] stored = maps.Floats();
            int compared = 0;
            for (int token = 0; token < tokens.Length; token++)
            {
                int place = question[1] - question[0] + token;

                // The stored maps tell words by texts that were tokenized again, ours by the tokens that the model gave.
                if (Enumerable.Range(0, place).All(other => (texts[other] == texts[place]) == (ids[other] == ids[place])))
                {
                    compared++;
                    for (int cell = 0; cell < cells; cell++)
                    {
                        float expected = stored[(place * cells) + cell];
                        Assert.AreEqual(
                            float.IsNaN(expected) ? 0 : expected,
                            answer.Tokens[token].ActivationMap[cell],
                            1e-4,
                            $"{array}, token {token}"
                        );
                    }
                }
            }

            Assert.IsGreaterThan(2, compared);
        }
    }

    [TestMethod]
    [DynamicData(nameof(FilterCases))]
    public void TheFilterAloneIsTheReleases(string folder)
    {
        PeerCase each = new(Peer, folder);
        foreach (string array in each.Arrays("").Where(name => name.EndsWith("_out", StringComparison.Ordinal)))
        {
            each.Close(
                array,
                Filtered(
                    each.Read(array.Replace("_out", "_in", StringComparison.Ordinal)),
                    new RankGaussianFilter { ConstantWindowsAsReleased = true }
                )
            );
        }

        foreach (string array in each.Arrays("").Where(name => name.EndsWith("_mended", StringComparison.Ordinal)))
        {
            each.Close(array, Filtered(each.Read(array.Replace("_mended", "_in", StringComparison.Ordinal)), new RankGaussianFilter()));
        }

        each.Complete();
    }

    private static float[] Filtered(NpyFile map, RankGaussianFilter filter)
    {
        float[] filtered = map.Floats();
        filter.Apply(filtered, map.Shape[0], map.Shape[1]);
        return filtered;
    }

    /// <summary>All maps in the order of the release: question tokens, first answer token, further answer tokens.</summary>
    private static void Check(PeerCase each, string prefix, bool released)
    {
        Logits logits = new(each, released);
        IReadOnlyList<int> shape = each.Read(prefix + "normalised").Shape;
        (int maps, int height, int width) = (shape[0], shape[1], shape[2]);
        string[] texts = each.Texts("texts");
        string[] words = [.. texts.Distinct()];
        TokenActivation activation = new(height * width);
        RankGaussianFilter filter = new() { ConstantWindowsAsReleased = released };
        List<float> raw = [];
        List<float> free = [];
        List<float> scaled = [];
        List<float> filtered = [];
        for (int token = 0; token < maps; token++)
        {
            // The first answer token is the last of the maps that the release makes in its first round.
            int explained = maps - logits.AnswerTokens;
            float[] visual = logits.Visual(token, explained);
            float[] text = logits.Text(token, explained);
            raw.AddRange(TokenActivation.Raw(visual));
            double[] map = activation.Next(visual, text, Array.IndexOf(words, texts[token]));
            free.AddRange(map.Select(value => (float)value));
            float[] normalized = new float[map.Length];
            TokenActivation.Scale(map, text, normalized);
            scaled.AddRange(normalized);
            filter.Apply(normalized, height, width);
            filtered.AddRange(normalized);
        }

        each.Close(prefix + "raw", [.. raw]);
        each.Close(prefix + "after_eci", [.. free]);
        each.Close(prefix + "normalised", [.. scaled]);
        each.Close(prefix + "filtered", [.. filtered]);
    }

    /// <summary>The stored logits as the release reads them.</summary>
    private sealed class Logits
    {
        private readonly float[] _logits;
        private readonly int _vocabulary;
        private readonly int _promptTokens;
        private readonly int[] _tokens;
        private readonly int[] _question;
        private readonly int[] _image;
        private readonly int _answer;
        private readonly bool _released;

        public Logits(PeerCase each, bool released)
        {
            NpyFile prompt = each.Read("logits_prompt");
            NpyFile answer = each.Read("logits_answer");
            (_promptTokens, _vocabulary) = (prompt.Shape[0], prompt.Shape[1]);
            _logits = [.. prompt.Floats(), .. answer.Floats()];
            _tokens = each.Numbers("tokens");
            _question = each.Numbers("prompt_range");
            _image = each.Numbers("image_positions");
            _answer = each.Number("answer_start");
            _released = released;
            AnswerTokens = answer.Shape[0] + 1;
        }

        /// <summary>The answer's tokens that are explained.</summary>
        public int AnswerTokens { get; }

        /// <param name="token">Number of the map.</param>
        /// <param name="firstAnswer">That of the first answer token's.</param>
        public float[] Visual(int token, int firstAnswer)
        {
            int @class = Class(token, firstAnswer);
            return [.. Enumerable.Range(_image[0], _image[1] - _image[0]).Select(position => Logit(position, @class))];
        }

        /// <summary>
        /// At the question's tokens and at the places that predict answer tokens, but for the last of them, which is left out of the scale.
        /// </summary>
        public float[] Text(int token, int firstAnswer)
        {
            int @class = Class(token, firstAnswer);
            int predicted = Math.Max(0, token - firstAnswer);
            int[] places =
            [
                .. Enumerable.Range(_question[0], _question[1] - _question[0]),
                .. Enumerable.Range(0, predicted).Select(answer => answer == 0 ? _promptTokens - 1 : _answer + answer - 1),
            ];
            return [.. places.Select(position => Logit(position, @class))];
        }

        private int Class(int token, int firstAnswer)
        {
            if (token == 0)
            {
                ReadOnlySpan<float> row = _logits.AsSpan(_question[0] * _vocabulary, _vocabulary);
                int largest = 0;
                for (int id = 1; id < row.Length; id++)
                {
                    largest = row[id] > row[largest] ? id : largest;
                }

                return largest;
            }

            return token < firstAnswer ? _tokens[_question[0] + token]
                : token == firstAnswer && _released ? _tokens[_promptTokens - 1]
                : _tokens[_answer + token - firstAnswer];
        }

        private float Logit(int position, int token) => _logits[(position * _vocabulary) + token];
    }
}
