using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Models.Prompts;

namespace MLNetGrounding.Results;

/// <summary>Reads the answers of a view's rows, where it has tokens and their maps.</summary>
internal sealed class AnswerReader
{
    private readonly DataViewSchema.Column _tokens;
    private readonly DataViewSchema.Column _maps;
    private readonly DataViewSchema.Column? _logProbabilities;
    private readonly IReadOnlyList<string> _queries;
    private readonly IReadOnlyList<string> _questions;
    private readonly int _count;

    private AnswerReader(DataViewSchema.Column tokens, DataViewSchema.Column maps, DataViewSchema.Column? logProbabilities, int queries)
    {
        (_tokens, _maps, _logProbabilities) = (tokens, maps, logProbabilities);
        int[] dimensions = [.. ((VectorDataViewType)maps.Type).Dimensions];
        (_count, Grid) = (dimensions[1], new MapGrid(dimensions[2], dimensions[3]));
        _queries =
            tokens.GetQueryNames() is { } names && names.Count == queries
                ? names
                : [.. Enumerable.Range(1, queries).Select(query => $"question {query}")];
        _questions =
            ColumnAnnotations.GetNames(tokens, GroundingAnnotations.Questions) is { } questions && questions.Length == queries
                ? questions
                : _queries;
    }

    /// <summary>The columns that are read.</summary>
    public IEnumerable<DataViewSchema.Column> Columns => new[] { _tokens, _maps, _logProbabilities }.OfType<DataViewSchema.Column>();

    /// <summary>The cells of the maps.</summary>
    public MapGrid Grid { get; }

    /// <summary>A reader, or <see langword="null"/> where the view has no tokens with maps.</summary>
    public static AnswerReader? Find(DataViewSchema schema, GroundedImageColumns columns)
    {
        if (
            schema.GetColumnOrNull(columns.AnswerTokens) is not { Type: VectorDataViewType { ItemType: TextDataViewType } tokenType } tokens
            || schema.GetColumnOrNull(columns.AnswerMaps) is not { Type: VectorDataViewType mapType } maps
            || mapType.ItemType != NumberDataViewType.Single
            || tokenType.Dimensions is not [> 0 and var queries, > 0 and var count]
            || mapType.Dimensions is not [var mapQueries, var mapCount, > 0, > 0]
            || mapQueries != queries
            || mapCount != count
        )
        {
            return null;
        }

        bool hasProbabilities =
            schema.GetColumnOrNull(columns.AnswerLogProbabilities)?.Type is VectorDataViewType { Dimensions: [var q, var t] } number
            && number.ItemType == NumberDataViewType.Single
            && q == queries
            && t == count;
        return new AnswerReader(tokens, maps, hasProbabilities ? schema[columns.AnswerLogProbabilities] : null, queries);
    }

    /// <summary>Reads the answers of a cursor's rows.</summary>
    /// <param name="row">The cursor.</param>
    /// <returns>Reads the present row's; takes the names of words with maps, and the maps.</returns>
    public Func<IReadOnlyList<string>, ReadOnlyMemory<float>, IReadOnlyList<GroundedAnswer>> Open(DataViewRow row)
    {
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> texts = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(_tokens);
        VectorInput maps = new(row, _maps);
        VectorInput? logProbabilities = _logProbabilities is { } column ? new VectorInput(row, column) : null;
        VBuffer<ReadOnlyMemory<char>> buffer = default;
        return (words, wordMaps) =>
        {
            texts(ref buffer);
            string[] all = [.. buffer.DenseValues().Select(text => text.ToString())];
            float[] values = [.. maps.Read()];
            float[] logarithms = logProbabilities is null ? [] : [.. logProbabilities.Read()];
            if (all.Length != _queries.Count * _count || values.Length != all.Length * Grid.Cells)
            {
                return [];
            }

            return
            [
                .. Enumerable
                    .Range(0, _queries.Count)
                    .Select(query => AnswerOf(query, all, values, logarithms, words, wordMaps))
                    .Where(answer => answer.Words.Count > 0),
            ];
        };
    }

    private GroundedAnswer AnswerOf(
        int query,
        string[] texts,
        float[] maps,
        float[] logarithms,
        IReadOnlyList<string> words,
        ReadOnlyMemory<float> wordMaps
    )
    {
        int first = query * _count;

        // Beyond an answer's end maps are NaN.
        int length = 0;
        while (length < _count && !float.IsNaN(maps[(first + length) * Grid.Cells]))
        {
            length++;
        }

        return GroundedAnswer.Of(
            _questions[query],
            texts[first..(first + length)],
            token => maps[((first + token) * Grid.Cells)..((first + token + 1) * Grid.Cells)],
            token => logarithms.Length > 0 ? logarithms[first + token] : double.NaN
        ) with
        {
            QuestionWords = WordsOf(_questions[query], words, wordMaps),
        };
    }

    /// <summary>The words that have maps where they stand in a question; none that another one covers.</summary>
    private GroundedWord[] WordsOf(string question, IReadOnlyList<string> words, ReadOnlyMemory<float> maps)
    {
        List<GroundedWord> found = [];
        foreach (
            int word in Enumerable.Range(0, words.Count).Where(each => words[each].Length > 0).OrderByDescending(each => words[each].Length)
        )
        {
            int at = WordSearch.Last(question, words[word]);
            bool isFree = found.All(other => at + words[word].Length <= other.Start || other.Start + other.Text.Length <= at);
            ReadOnlyMemory<float> map = maps.Slice(word * Grid.Cells, Grid.Cells);
            if (at >= 0 && isFree && RowValues.AreFinite(map.Span))
            {
                found.Add(new GroundedWord(words[word], at, map));
            }
        }

        return [.. found.OrderBy(word => word.Start)];
    }
}
