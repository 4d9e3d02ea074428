using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace MLNetGrounding.Examples;

/// <summary>Options of kinds that the examples' command lines have in common.</summary>
internal static class CommandOptions
{
    /// <summary>An option that takes one of a few words, the first by default.</summary>
    public static Option<string> Choice(string name, string description, params string[] words)
    {
        Option<string> option = new(name) { Description = description, HelpName = string.Join('|', words), DefaultValueFactory = _ => words[0] };
        option.CompletionSources.Add(words);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !words.Contains(result.Tokens[0].Value))
            {
                result.AddError($"{name} must be one of {string.Join(", ", words)}, not '{result.Tokens[0].Value}'.");
            }
        });
        return option;
    }

    /// <summary>Parses a number and checks it.</summary>
    public static Func<ArgumentResult, T> Number<T>(Predicate<T> passes, string expected)
        where T : IParsable<T> => result =>
        {
            string text = result.Tokens[0].Value;
            if (T.TryParse(text, CultureInfo.InvariantCulture, out T? value) && passes(value))
            {
                return value;
            }

            result.AddError($"{(result.Parent as OptionResult)?.Option.Name} must be {expected}, not '{text}'.");
            return default!;
        };
}
