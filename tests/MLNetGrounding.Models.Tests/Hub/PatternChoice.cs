using System.Text;
using System.Text.RegularExpressions;
using MLNetGrounding.Models.Hub;

namespace MLNetGrounding.Models.Tests.Hub;

/// <summary>
/// Chooses as Python's client does: by patterns of <c>fnmatch</c>, all files where none are given; or one file by its name.
/// </summary>
internal sealed class PatternChoice(string? name, string[]? allowed = null, string[]? ignored = null) : IFileChoice
{
    public HubFile? NeededContent(IReadOnlyList<HubFile> files) => null;

    public FileSelection Choose(IReadOnlyList<HubFile> files, ReadOnlyMemory<byte> content)
    {
        HubFile[] chosen =
        [
            .. files.Where(file =>
                name is not null
                    ? file.Path == name
                    : (allowed is null || allowed.Any(pattern => Fits(pattern, file.Path)))
                        && ignored?.Any(pattern => Fits(pattern, file.Path)) != true
            ),
        ];
        return new FileSelection(chosen, name is not null && chosen.Length == 0 ? [name] : []);
    }

    private static bool Fits(string pattern, string path)
    {
        StringBuilder expression = new("^");
        foreach (char character in pattern)
        {
            expression.Append(
                character switch
                {
                    '*' => ".*",
                    '?' => ".",
                    '[' or ']' or '-' => character.ToString(),
                    _ => Regex.Escape(character.ToString()),
                }
            );
        }

        return Regex.IsMatch(path, expression.Append('$').ToString(), RegexOptions.Singleline);
    }
}
