using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNetGrounding.Models.Tests.Hub;

/// <summary>A recorded call of Hugging Face's client: <c>name('text', key=value, ...)</c>.</summary>
internal sealed partial record PythonCall(string Name, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, object> Options)
{
    /// <summary>Reads a call, or gives <see langword="null"/> where the code is more than one.</summary>
    public static PythonCall? TryParse(string code)
    {
        Match call = Call().Match(code);
        if (!call.Success)
        {
            return null;
        }

        List<string> arguments = [];
        Dictionary<string, object> options = new(StringComparer.Ordinal);
        string rest = call.Groups["arguments"].Value;
        while (rest.Length > 0)
        {
            Match item = Item().Match(rest);
            if (!item.Success)
            {
                return null;
            }

            object value = Value(item.Groups["value"].Value);
            if (item.Groups["key"].Success)
            {
                options[item.Groups["key"].Value] = value;
            }
            else
            {
                arguments.Add((string)value);
            }

            rest = rest[item.Length..];
        }

        return new PythonCall(call.Groups["name"].Value, arguments, options);
    }

    private static object Value(string text) =>
        text switch
        {
            "True" => true,
            "False" => false,
            ['\'', ..] => text[1..^1],
            ['[', ..] => Text().Matches(text).Select(match => match.Groups[1].Value).ToArray(),
            _ => int.Parse(text, CultureInfo.InvariantCulture),
        };

    [GeneratedRegex(@"^(?<name>\w+)\((?<arguments>.*)\)$")]
    private static partial Regex Call();

    [GeneratedRegex(@"^\s*(?:(?<key>\w+)\s*=\s*)?(?<value>'[^']*'|\[(?:'[^']*'\s*,?\s*)*\]|True|False|\d+)\s*(?:,|$)")]
    private static partial Regex Item();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Text();
}
