using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.MlNet;

namespace MLNetGrounding.Heads;

/// <summary>Learns from rows which heads to keep.</summary>
internal sealed class HeadFitter(IHostEnvironment environment, HeadSelectorOptions options, HeadFittingOptions fitting)
{
    private const string Name = "HeadSelector";

    /// <summary>Reads the attention of the rows, and only that.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The attention column is missing, or is not of the type or dimensions
    /// expected.</exception>
    /// <exception cref="InvalidOperationException">No row could be learned from, or no head was selected in any.</exception>
    public IReadOnlyList<AttentionHead> Fit(IDataView input)
    {
        InputColumn column = HeadSelectorTransformer.FineInput(options);
        DataViewSchema.Column fine = column.Find(input.Schema);
        int[] dimensions = column.DimensionsOf(fine, options.AttentionDimensions, nameof(options.AttentionDimensions));
        (int layers, int heads) = (dimensions[1], dimensions[2]);
        HeadSelectionOptions selection = options.SelectionFor(fine);
        var frequency = new HeadFrequency(layers, heads);
        bool[] selected = new bool[layers * heads];
        long rows = 0;
        long skipped = 0;
        using (DataViewRowCursor cursor = input.GetRowCursor([fine]))
        {
            var attention = new VectorInput(cursor, fine);
            while ((fitting.MaximumRows is not { } most || rows < most) && cursor.MoveNext())
            {
                HostSettings.ThrowIfCanceled(environment);
                ReadOnlySpan<float> values = attention.Read();
                bool usable = !values.IsEmpty;
                for (int query = 0; query < dimensions[0] && !values.IsEmpty; query++)
                {
                    int length = values.Length / dimensions[0];
                    ReadOnlySpan<float> maps = values.Slice(query * length, length);
                    if (!RowValues.AreWeights(maps))
                    {
                        usable = false;
                        continue;
                    }

                    Select(maps, dimensions, selection, selected);
                    frequency.Add(selected);
                }

                rows++;
                skipped += usable ? 0 : 1;
            }
        }

        if (rows == 0)
        {
            throw new InvalidOperationException(
                $"{Name}: there is no row to learn heads from: the view that {nameof(HeadSelectorEstimator.Fit)} was given is empty."
            );
        }

        Report(fine.Name, rows, skipped);
        return frequency.Samples == 0
                ? throw new InvalidOperationException(
                    $"{Name}: there is no row to learn heads from: all {rows} row(s) of column '{fine.Name}' were left out because they hold NaN, infinite or negative values. Give {nameof(HeadSelectorEstimator.Fit)} rows whose images can be read."
                )
            : frequency.MostFrequent(fitting.Heads) is { Count: > 0 } kept ? kept
            : throw new InvalidOperationException(
                $"{Name}: no head was selected in any of {frequency.Samples} samples. Loosen the thresholds of {nameof(HeadSelectorOptions.HeadSelection)} or {nameof(HeadFittingOptions.Localization)}."
            );
    }

    private void Select(ReadOnlySpan<float> maps, int[] dimensions, HeadSelectionOptions selection, bool[] selected)
    {
        (int layers, int heads, int height, int width) = (dimensions[1], dimensions[2], dimensions[3], dimensions[4]);
        if (fitting.Criterion == HeadCriterion.SpatialEntropy)
        {
            LocalizationHeads.Select(maps, layers, heads, height, width, fitting.Localization, selected);
            return;
        }

        QuerySelection.Select(maps, layers, heads, new MapGrid(height, width), selection, [], selected, [], []);
    }

    private void Report(string column, long rows, long skipped)
    {
        using IChannel channel = environment.Register(Name).Start("Fit");
        if (skipped > 0)
        {
            channel.Warning(
                MessageSensitivity.None,
                $"{Name}: heads are learned from {rows} row(s); {skipped} of them have queries that were left out, because '{column}' holds NaN, infinite or negative values there."
            );
        }
        else
        {
            channel.Info(MessageSensitivity.None, $"{Name}: heads are learned from {rows} row(s).");
        }
    }
}
