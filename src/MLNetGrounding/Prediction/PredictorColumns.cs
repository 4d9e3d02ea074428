using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Prediction;

/// <summary>
/// The columns of a stock predictor behind the maps, whatever kind it is of: which members of <see cref="GroundedColumns"/> they are read
/// into, and what they say.
/// </summary>
internal sealed class PredictorColumns
{
    private readonly string? _labelMember;
    private readonly string? _scoreMember;
    private readonly string[]? _keys;
    private readonly List<(string Member, DataViewSchema.Column Column)> _members = [];

    public PredictorColumns(DataViewSchema schema, GroundingEngineOptions options)
    {
        if (schema.GetColumnOrNull(options.PredictedLabelColumnName) is { } label)
        {
            _labelMember = label.Type switch
            {
                TextDataViewType => nameof(GroundedColumns.LabelText),
                KeyDataViewType { RawType: var raw } when raw == typeof(uint) => nameof(GroundedColumns.LabelKey),
                BooleanDataViewType => nameof(GroundedColumns.LabelFlag),
                NumberDataViewType { RawType: var raw } when raw == typeof(float) => nameof(GroundedColumns.LabelNumber),
                _ => null,
            };
            Add(_labelMember, label);
            _keys = label.Type is KeyDataViewType ? KeysOf(label) : null;
        }

        if (schema.GetColumnOrNull(options.ScoreColumnName) is { } score)
        {
            _scoreMember =
                score.Type is VectorDataViewType { ItemType.RawType: var item } && item == typeof(float) ? nameof(GroundedColumns.Scores)
                : score.Type.RawType == typeof(float) ? nameof(GroundedColumns.Score)
                : null;
            Add(_scoreMember, score);
            int size = (score.Type as VectorDataViewType)?.Size ?? 0;
            string[]? names = ColumnAnnotations.GetNames(score, ColumnAnnotations.SlotNames) ?? _keys;
            ScoreNames = names?.Length == size ? names : [];
        }

        if (
            schema.GetColumnOrNull(options.ProbabilityColumnName) is { } probability
            && probability.Type.RawType == typeof(float)
            && _labelMember == nameof(GroundedColumns.LabelFlag)
        )
        {
            HasProbability = true;
            Add(nameof(GroundedColumns.Probability), probability);
        }
    }

    /// <summary>What each number of a score stands for; empty where that is not known.</summary>
    public IReadOnlyList<string> ScoreNames { get; } = [];

    private bool HasProbability { get; }

    /// <summary>Keeps of a definition the members that are read, and says what they hold.</summary>
    public void Describe(SchemaDefinition definition)
    {
        string[] all =
        [
            nameof(GroundedColumns.LabelText),
            nameof(GroundedColumns.LabelKey),
            nameof(GroundedColumns.LabelFlag),
            nameof(GroundedColumns.LabelNumber),
            nameof(GroundedColumns.Score),
            nameof(GroundedColumns.Scores),
            nameof(GroundedColumns.Probability),
        ];
        foreach (string member in all.Except(_members.Select(each => each.Member)))
        {
            definition.Remove(definition[member]);
        }

        foreach ((string member, DataViewSchema.Column column) in _members)
        {
            SchemaDefinition.Column described = definition[member];
            described.ColumnName = column.Name;
            described.ColumnType = column.Type;
        }
    }

    /// <summary>What is predicted, as text; <see langword="null"/> where nothing is.</summary>
    public string? LabelOf(GroundedColumns row) =>
        _labelMember switch
        {
            nameof(GroundedColumns.LabelText) => row.LabelText,
            nameof(GroundedColumns.LabelKey) when row.LabelKey == 0 => null,
            nameof(GroundedColumns.LabelKey) => _keys is { } keys && row.LabelKey <= keys.Length
                ? keys[row.LabelKey - 1]
                : row.LabelKey.ToString(CultureInfo.InvariantCulture),
            nameof(GroundedColumns.LabelFlag) => row.LabelFlag ? bool.TrueString : bool.FalseString,
            nameof(GroundedColumns.LabelNumber) => row.LabelNumber.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };

    /// <summary>The predictor's score: one number, or one for each class.</summary>
    public float[] ScoreOf(GroundedColumns row) =>
        _scoreMember switch
        {
            nameof(GroundedColumns.Score) => [row.Score],
            nameof(GroundedColumns.Scores) => row.Scores,
            _ => [],
        };

    public float? ProbabilityOf(GroundedColumns row) => HasProbability ? row.Probability : null;

    private void Add(string? member, DataViewSchema.Column column)
    {
        if (member is not null)
        {
            _members.Add((member, column));
        }
    }

    /// <summary>The values of keys, whatever they are, as text.</summary>
    private static string[]? KeysOf(DataViewSchema.Column column)
    {
        const string kind = "KeyValues";
        return
            column.Annotations.Schema.GetColumnOrNull(kind)?.Type is VectorDataViewType type
            && type.ItemType.RawType != typeof(ReadOnlyMemory<char>)
            ? ReadKeys(type.ItemType.RawType)
            : ColumnAnnotations.GetNames(column, kind);

        string[]? ReadKeys(Type item) =>
            item == typeof(float) ? Read<float>()
            : item == typeof(double) ? Read<double>()
            : item == typeof(int) ? Read<int>()
            : item == typeof(long) ? Read<long>()
            : item == typeof(uint) ? Read<uint>()
            : item == typeof(bool) ? Read<bool>()
            : null;

        string[] Read<T>()
        {
            VBuffer<T> values = default;
            column.GetKeyValues(ref values);
            return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
        }
    }
}
