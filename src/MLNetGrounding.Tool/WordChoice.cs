namespace MLNetGrounding.Tool;

/// <summary>Which word is chosen, and how keys change it.</summary>
/// <param name="words">The words, at least one.</param>
internal sealed class WordChoice(IReadOnlyList<ShownWord> words)
{
    /// <summary>The position of the chosen word.</summary>
    public int Position { get; private set; }

    /// <summary>The chosen word.</summary>
    public ShownWord Chosen => words[Position];

    /// <summary>Follows a key: left and right go from word to word, up and down from answer to answer.</summary>
    /// <returns>Whether it goes on; <see langword="false"/> where the key ends it.</returns>
    public bool Follow(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.RightArrow or ConsoleKey.Tab or ConsoleKey.Spacebar:
                Position = Math.Min(Position + 1, words.Count - 1);
                break;
            case ConsoleKey.LeftArrow or ConsoleKey.Backspace:
                Position = Math.Max(Position - 1, 0);
                break;
            case ConsoleKey.Home:
                Position = 0;
                break;
            case ConsoleKey.End:
                Position = words.Count - 1;
                break;
            case ConsoleKey.DownArrow:
                GoTo(Chosen.Answer + 1);
                break;
            case ConsoleKey.UpArrow:
                GoTo(Chosen.Answer - 1);
                break;
            case ConsoleKey.Enter or ConsoleKey.Escape or ConsoleKey.Q:
                return false;
            default:
                break;
        }

        return true;
    }

    private void GoTo(int answer)
    {
        int first = words.ToList().FindIndex(word => word.Answer == answer);
        Position = first < 0 ? Position : first;
    }
}
