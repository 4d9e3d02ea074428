using System.Text.Json;

namespace MLNetGrounding.Data.Coco;

/// <summary>The categories of a file that are loaded, and the points that they name.</summary>
internal sealed class CocoCategories
{
    private readonly Dictionary<string, (string Name, int[] Points)> _chosen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);
    private readonly List<string> _points = [];

    /// <param name="path">The file.</param>
    /// <param name="categories">Its categories.</param>
    /// <param name="wanted">Ids or names, or null for all that name points.</param>
    /// <exception cref="InvalidDataException">A category is damaged, or none names points.</exception>
    /// <exception cref="ArgumentException">There is no category of a wanted name.</exception>
    public CocoCategories(string path, IReadOnlyList<CocoCategory?> categories, IReadOnlyCollection<string>? wanted)
    {
        HashSet<string> found = new(StringComparer.OrdinalIgnoreCase);
        List<string> all = [];
        for (int index = 0; index < categories.Count; index++)
        {
            string place = $"'{path}', categories[{index}]";
            if (categories[index] is not { } category || CocoValue.Id(category.Id) is not { } id)
            {
                throw new InvalidDataException($"{place}: an object with an 'id', a whole number or text, was expected.");
            }

            place = $"'{path}', category {id}";
            if (category.Name.ValueKind != JsonValueKind.String)
            {
                throw new InvalidDataException($"{place}: a text was expected as its 'name'.");
            }

            string name = category.Name.GetString()!;
            all.Add(name);
            if (_chosen.ContainsKey(id) || !_others.Add(id))
            {
                throw new InvalidDataException($"{place} occurs twice in 'categories'.");
            }

            string[] matching = [.. (wanted ?? []).Where(each => Matches(each, id, name))];
            found.UnionWith(matching);
            if (wanted is not null && matching.Length == 0)
            {
                continue;
            }

            string[] names = NamesOf(category, place);
            if (names.Length > 0)
            {
                _others.Remove(id);
                _chosen.Add(id, (name, [.. names.Select(Place)]));
            }
        }

        if (wanted?.FirstOrDefault(each => !found.Contains(each)) is { } unknown)
        {
            throw new ArgumentException(
                $"There is no category '{unknown}' in '{path}', only: {string.Join(", ", all)}. Give an id or a name.",
                nameof(wanted)
            );
        }

        if (_chosen.Count == 0)
        {
            throw new InvalidDataException(
                $"'{path}': no category{(wanted is null ? "" : " of " + string.Join(", ", wanted))} names points; 'keypoints', a list of names, was expected in one of 'categories'."
            );
        }
    }

    /// <summary>The points of all chosen categories, each name once; a point that two categories name is the same.</summary>
    public IReadOnlyList<string> Points => _points;

    /// <summary>The category of an id.</summary>
    /// <returns>Whether it is one of the chosen ones.</returns>
    /// <exception cref="InvalidDataException">The file has no such category.</exception>
    public bool TryGet(string id, string place, out (string Name, int[] Points) category) =>
        _chosen.TryGetValue(id, out category) || _others.Contains(id)
            ? category.Points is not null
            : throw new InvalidDataException($"{place}: 'categories' has no category {id}.");

    private static string[] NamesOf(CocoCategory category, string place)
    {
        if (category.KeyPoints.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return [];
        }

        if (
            category.KeyPoints.ValueKind != JsonValueKind.Array
            || category.KeyPoints.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String)
        )
        {
            throw new InvalidDataException($"{place}: a list of names was expected as its 'keypoints'.");
        }

        string[] names = [.. category.KeyPoints.EnumerateArray().Select(name => PointNames.Plain(name.GetString()!))];
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length && names.All(name => name.Length > 0)
            ? names
            : throw new InvalidDataException($"{place}: its 'keypoints' must be names that differ; they are {string.Join(", ", names)}.");
    }

    private static bool Matches(string wanted, string id, string name) =>
        wanted == id || wanted.Equals(name, StringComparison.OrdinalIgnoreCase);

    private int Place(string point)
    {
        int index = _points.IndexOf(point);
        if (index < 0)
        {
            index = _points.Count;
            _points.Add(point);
        }

        return index;
    }
}
