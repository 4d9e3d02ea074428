namespace MLNetGrounding.Comparison;

/// <summary>A cell of a table.</summary>
/// <param name="Text">What it says; empty where there is nothing.</param>
/// <param name="Rest">What follows the text and is never bold: an interval.</param>
/// <param name="Value">What is compared with the other rows of the column; NaN: nothing.</param>
internal readonly record struct EvaluationCell(string Text, string Rest = "", double Value = double.NaN)
{
    public bool IsEmpty => Text.Length == 0 && Rest.Length == 0;

    /// <summary>The cell, with its text marked where it is the best of its column.</summary>
    public string ToString(bool isBest, Func<string, string> escape, Func<string, string> mark)
    {
        string text = isBest ? mark(escape(Text)) : escape(Text);
        return Rest.Length == 0 ? text : $"{text} {escape(Rest)}";
    }

    public static implicit operator EvaluationCell(string text) => new(text);
}
