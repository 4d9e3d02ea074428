namespace MLNetGrounding;

/// <summary>A word of an answer and the tokens that it was made of.</summary>
/// <param name="Text">The word, with the punctuation that is written together with it.</param>
/// <param name="Tokens">Indices of its tokens, ascending; a token that holds parts of two words is in both.</param>
public sealed record AnswerWord(string Text, IReadOnlyList<int> Tokens)
{
    /// <summary>Where it begins in the texts that were joined: the index of its first character.</summary>
    public int Start { get; init; }

    /// <summary>The mean of its tokens' maps.</summary>
    /// <param name="mapOf">The map of a token, by index.</param>
    internal float[] MeanMap(Func<int, IReadOnlyList<float>> mapOf)
    {
        IReadOnlyList<float>[] maps = [.. Tokens.Select(mapOf)];
        float[] mean = new float[maps[0].Count];
        for (int cell = 0; cell < mean.Length; cell++)
        {
            double sum = 0;
            foreach (IReadOnlyList<float> map in maps)
            {
                sum += map[cell];
            }

            mean[cell] = (float)(sum / maps.Length);
        }

        return mean;
    }

    /// <summary>Joins tokens into words, which white space separates.</summary>
    /// <param name="texts">The text of each token, which together are the answer's; a token that only begins a character has none.</param>
    /// <returns>The words; a token without text belongs to the word that its character is a part of.</returns>
    public static IReadOnlyList<AnswerWord> Join(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        List<AnswerWord> words = [];
        List<int> tokens = [];
        List<int> waiting = [];
        string word = "";
        int position = 0;
        int start = 0;
        for (int token = 0; token < texts.Count; token++)
        {
            if (texts[token].Length == 0)
            {
                waiting.Add(token);
                continue;
            }

            foreach (char character in texts[token])
            {
                position++;
                if (char.IsWhiteSpace(character))
                {
                    End();
                    continue;
                }

                start = word.Length == 0 ? position - 1 : start;
                word += character;
                foreach (int part in waiting.Append(token).Where(part => !tokens.Contains(part)))
                {
                    tokens.Add(part);
                }

                waiting.Clear();
            }

            waiting.Clear();
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
            {
                words.Add(new AnswerWord(word, [.. tokens]) { Start = start });
            }

            word = "";
            tokens.Clear();
        }
    }
}
