using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetGrounding.Comparison;

/// <summary>Reads a view once, scores each row, keeps only the scores, and sums them up.</summary>
internal static class MethodEvaluator
{
    private const string Name = "EvaluateMethods";

    public static MethodEvaluation Run(IHostEnvironment environment, IDataView data, MethodEvaluationOptions options)
    {
        IHost host = environment.Register(Name);
        var binding = new MethodBinding(data.Schema, options);
        using (IChannel channel = host.Start(nameof(Run)))
        {
            binding.Points.WarnOfUnscored(channel, Name, nameof(options.KeyPointTable));
        }

        ScoreEntry[] entries = RowScorer.Entries(binding, options);
        ScoreColumn[] columns = options.ScoreColumns();
        var collected = new CollectedScores(entries, binding.Queries, columns);
        using (
            ScoreFile? file = options.ScoresPath is null
                ? null
                : ScoreFile.Open(
                    options.ScoresPath,
                    SettingsOf(binding, options, entries),
                    entries,
                    binding.Queries,
                    [.. columns.Select(column => column.Name)],
                    options.ScoresLock
                )
        )
        {
            Read(host, data, binding, options, file, collected);
        }

        return collected.Summarize(options);
    }

    private static void Read(
        IHost host,
        IDataView data,
        MethodBinding binding,
        MethodEvaluationOptions options,
        ScoreFile? file,
        CollectedScores collected
    )
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using DataViewRowCursor cursor = data.GetRowCursor(binding.Columns);
        using var scorer = new RowScorer(binding, options, cursor, host);
        while (cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            string image = scorer.Image();
            if (!seen.Add(image) || image.AsSpan().ContainsAny('\n', '\r'))
            {
                throw new InvalidOperationException(
                    $"{Name}: row {cursor.Position} has '{image}' in column '{binding.Image.Name}', which must be one line and different for each row. Set {nameof(options.ImageIdColumnName)}."
                );
            }

            // The columns are lazy: of an image that an earlier run finished, nothing is computed.
            if (file is null || !file.TryTake(image, out ImageScores? scores))
            {
                scores = scorer.Score(image);
                file?.Add(scores);
            }

            collected.Add(scores!);
            options.Progress?.Report(collected.Images);
        }
    }

    /// <summary>All that scores depend on, as text.</summary>
    private static SortedDictionary<string, string> SettingsOf(MethodBinding binding, MethodEvaluationOptions options, ScoreEntry[] entries)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["methods and baselines"] = string.Join(", ", entries.Select(entry => entry.Name)),
            ["columns"] = ColumnsOf(binding),
            ["queries"] = string.Join(", ", binding.Queries),
            ["key points"] = string.Join("; ", binding.Points.Indices.Select(points => string.Join(' ', points))),
            ["swapped queries"] = string.Join(", ", SwapsOf(binding)),
            ["grid"] = binding.Grid.ToString(),
            ["threshold"] = options.RegionThreshold.ToString(CultureInfo.InvariantCulture),
            ["thresholds"] = Numbers(options.AllThresholds),
            ["fixed areas"] = Numbers(options.FixedAreas),
            ["further scores"] = string.Join("; ", options.AllFurtherScores.Select(DescriptionOf)),
            ["part positions"] = JsonSerializer.Serialize(options.PartPositions),
            ["chance draws"] = options.ChanceDraws.ToString(CultureInfo.InvariantCulture),
            ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
        };
        if (binding.Faithfulness is { } faithfulness)
        {
            settings["faithfulness"] = faithfulness.Settings;
        }

        foreach ((string key, string value) in options.RunSettings)
        {
            settings[$"run: {key}"] = value;
        }

        return settings;
    }

    private static string DescriptionOf(GroundingScore score)
    {
        string columns = string.Join(", ", score.Columns.Select(column => $"{column.Name} ({column.Aggregate})"));
        return score.Settings.Length == 0 ? columns : $"{columns}: {score.Settings}";
    }

    /// <summary>Where scores come from: another column may hold other maps under the same name of a method.</summary>
    private static string ColumnsOf(MethodBinding binding) =>
        string.Join(
            ", ",
            [
                .. binding.Methods.Select(method => method.MapColumnName),
                binding.KeyPoints.Name,
                binding.Visible.Name,
                binding.Geometry.Name,
                binding.Box is { } box ? box.Name : "no boxes",
                binding.Mask is { } mask ? mask.Name : "no part masks",
                binding.ObjectMask is { } objectMask ? objectMask.Name : "no object masks",
            ]
        );

    private static IEnumerable<string> SwapsOf(MethodBinding binding) =>
        Enumerable
            .Range(0, binding.Queries.Count)
            .Where(query => binding.Swaps[query] >= 0)
            .OrderBy(query => binding.Queries[query], StringComparer.Ordinal)
            .Select(query => $"{binding.Queries[query]}-{binding.Queries[binding.Swaps[query]]}");

    private static string Numbers(IEnumerable<double> values) =>
        string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
