using MLNetGrounding.Samples.Figures;

namespace TrainSampleLlava;

[TestClass]
public sealed class SubjectExampleTests
{
    private const int Size = 168;

    private static int End => SubjectExample.AnswerIds.Count - 1;

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void OnlyVisiblePartsAreAsked(int index)
    {
        Subject subject = Subject.All[index];
        using SubjectDrawer drawer = new();
        int hidden = 0;
        for (ulong seed = 0; seed < 100; seed++)
        {
            SampleFigure figure = drawer.Draw(subject, seed, Size, Size, difficulty: 1);
            var example = SubjectExample.Of(subject, figure, Size);
            foreach (SamplePart part in figure.Parts)
            {
                Assert.AreEqual(subject.PartNames[part.Index], part.Name);
                foreach (AnswerForm form in Enum.GetValues<AnswerForm>())
                {
                    float[] expected = Expected(example, part.Index, form);
                    int right = form is AnswerForm.PromptEnd or AnswerForm.QuestionEnd ? End : (int)part.Color;
                    Assert.AreEqual(part.Visible ? 1 : 0, expected.Sum());
                    Assert.AreEqual(part.Visible ? 1 : 0, expected[right]);
                }

                hidden += part.Visible ? 0 : 1;
            }

            Assert.AreEqual(1, Expected(example, Subject.PartCount, AnswerForm.Word).Sum(), 1e-5f);
            Assert.AreEqual(1, Expected(example, Subject.PartCount, AnswerForm.Question).Max());
        }

        Assert.IsGreaterThan(0, hidden, "no part was ever hidden");
    }

    [TestMethod]
    public void WhatTheEndFollowsIsARightAnswer()
    {
        using SubjectDrawer drawer = new();
        foreach (Subject subject in Subject.All)
        {
            for (ulong seed = 0; seed < 30; seed++)
            {
                var example = SubjectExample.Draw(drawer, subject, seed, 1, Size);
                Assert.HasCount(PackedQuestions.SuffixLength, example.SuffixIds);
                foreach (AskedRow row in PackedQuestions.Rows.Where(row => row.IsEnd))
                {
                    AnswerForm form = row.Form == AnswerForm.PromptEnd ? AnswerForm.Prompt : AnswerForm.Question;
                    float[] answers = Expected(example, row.Word, form);
                    if (answers.Sum() > 0)
                    {
                        int said = SubjectExample.AnswerIds.ToList().IndexOf(example.SuffixIds[row.Position]);
                        Assert.IsGreaterThan(0, answers[said], $"{subject.Words[row.Word]} of seed {seed}");
                    }
                }
            }
        }
    }

    [TestMethod]
    public void TheSizeOfTheModelKeepsTheDatasetsProportions()
    {
        using SubjectDrawer drawer = new();
        for (ulong seed = 0; seed < 20; seed++)
        {
            (int width, int height) = HeldOutAccuracy.DatasetSize(seed);
            var example = SubjectExample.Draw(drawer, Subject.All[(int)(seed % 2)], seed, 1, Size);
            Assert.HasCount(Size * Size * 3, example.Rgb);
            int margin =
                width > height
                    ? (Size - (((height * Size) + (width / 2)) / width)) / 2
                    : (Size - (((width * Size) + (height / 2)) / height)) / 2;
            for (int across = 0; across < Size; across++)
            {
                int pixel = width > height ? (Math.Max(0, margin - 1) * Size) + across : (across * Size) + Math.Max(0, margin - 1);
                bool padding = example.Rgb.AsSpan(pixel * 3, 3).SequenceEqual<byte>([122, 116, 104]);
                Assert.IsTrue(padding || margin == 0, $"seed {seed}");
            }
        }
    }

    private static float[] Expected(SubjectExample example, int word, AnswerForm form) =>
        example
            .Expected.AsSpan(PackedQuestions.RowOf(word, form) * SubjectExample.AnswerIds.Count, SubjectExample.AnswerIds.Count)
            .ToArray();
}
