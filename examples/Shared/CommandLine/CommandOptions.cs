using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace MLNetGrounding.Examples;

/// <summary>Options of kinds that the examples' command lines have in common.</summary>
internal static class CommandOptions
{
    /// <summary>A command line of these options.</summary>
    /// <param name="description">Of the help.</param>
    /// <param name="check">Looks at what several options make together.</param>
    /// <param name="options">In the order of the help.</param>
    public static RootCommand Root(string description, Action<CommandResult> check, params IEnumerable<Option> options)
    {
        var root = new RootCommand(description);
        Add(root, check, options);
        return root;
    }

    /// <summary>Gives a command options.</summary>
    /// <param name="command">The command.</param>
    /// <param name="check">Looks at what several options make together.</param>
    /// <param name="options">In the order of the help.</param>
    public static void Add(Command command, Action<CommandResult> check, params IEnumerable<Option> options)
    {
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            try
            {
                check(result);
            }
            catch (InvalidOperationException)
            {
                // An option whose value cannot be read has an error of its own.
            }
        });
    }

    /// <summary>An option that takes one of a few words, the first by default.</summary>
    public static Option<string> Choice(string name, string description, params string[] words)
    {
        Option<string> option = new(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => words[0],
        };
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

    /// <summary>An option that takes a folder or file.</summary>
    public static Option<string> Place(string name, string kind, string description, string? place = null)
    {
        Option<string> option = new(name) { Description = description, HelpName = kind };
        if (place is not null)
        {
            option.DefaultValueFactory = _ => place;
        }

        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError($"{name} must not be empty.");
            }
        });
        return option;
    }

    /// <summary>An option that takes a whole number of a range.</summary>
    public static Option<int> Count(
        string name,
        string description,
        int count,
        int least,
        int most = int.MaxValue,
        string unit = "number"
    ) =>
        new(name)
        {
            CustomParser = WholeNumber(least, most),
            Description = description,
            HelpName = unit,
            DefaultValueFactory = _ => count,
        };

    /// <summary>An option that takes a number between 0 and 1.</summary>
    public static Option<double> Share(string name, string description, double share) =>
        new(name)
        {
            CustomParser = Number<double>(value => value is >= 0 and <= 1, "a number between 0 and 1"),
            Description = description,
            HelpName = "0..1",
            DefaultValueFactory = _ => share,
        };

    /// <summary>Parses a whole number of a range.</summary>
    public static Func<ArgumentResult, int> WholeNumber(int least, int most = int.MaxValue) =>
        Number<int>(
            value => value >= least && value <= most,
            most < int.MaxValue ? $"a whole number from {least} to {most}" : $"a whole number of at least {least}"
        );

    /// <summary>Parses a number and checks it.</summary>
    public static Func<ArgumentResult, T> Number<T>(Predicate<T> passes, string expected)
        where T : INumberBase<T> => result => Number(result, result.Tokens[0].Value, passes, expected);

    /// <summary>Parses finite numbers.</summary>
    public static Func<ArgumentResult, double[]> Numbers =>
        result => [.. result.Tokens.Select(token => Number<double>(result, token.Value, double.IsFinite, "numbers"))];

    /// <summary>The words of a list that is separated by commas.</summary>
    public static string[] WordsOf(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether the user wrote an option, rather than leaving it at its default.</summary>
    public static bool IsGiven(this SymbolResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>A comma is no part of a number: it would be dropped as a separator of thousands.</summary>
    private static T Number<T>(ArgumentResult result, string text, Predicate<T> passes, string expected)
        where T : INumberBase<T>
    {
        NumberStyles style = typeof(T) == typeof(int) ? NumberStyles.Integer : NumberStyles.Float;
        if (T.TryParse(text, style, CultureInfo.InvariantCulture, out T? value) && passes(value))
        {
            return value;
        }

        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} must be {expected}, not '{text}'.");
        return T.Zero;
    }
}
