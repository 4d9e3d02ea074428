namespace TrainSampleLlava;

/// <summary>Images <c>[batch, size, size, 3]</c> and answers <c>[batch, questions, answerWords]</c>.</summary>
internal sealed record BirdBatch(int Count, byte[] Rgb, float[] Answers)
{
    public static BirdBatch Of(IReadOnlyList<BirdExample> examples)
    {
        byte[] rgb = new byte[examples.Sum(example => example.Rgb.Length)];
        float[] answers = new float[examples.Sum(example => example.Answers.Length)];
        for (int index = 0; index < examples.Count; index++)
        {
            examples[index].Rgb.CopyTo(rgb, index * examples[index].Rgb.Length);
            examples[index].Answers.CopyTo(answers, index * examples[index].Answers.Length);
        }

        return new BirdBatch(examples.Count, rgb, answers);
    }
}
