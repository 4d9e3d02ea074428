using System.Text;

namespace GroundBirds;

/// <summary>Acts when a text is written.</summary>
internal sealed class Watcher(string text, Action action) : StringWriter
{
    public override void Write(char[] buffer, int index, int count)
    {
        base.Write(buffer, index, count);
        Look();
    }

    public override void Write(string? value)
    {
        base.Write(value);
        Look();
    }

    private void Look()
    {
        if (GetStringBuilder() is StringBuilder written && written.ToString().Contains(text, StringComparison.Ordinal))
        {
            action();
        }
    }
}
