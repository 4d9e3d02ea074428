using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.Prediction;

/// <summary>
/// The steps of a model that a single image goes through. Left out are those that need what an image alone has not: loaders, which need a
/// path, and what was there for training, such as the mapping of labels.
/// </summary>
internal sealed class EngineSteps
{
    private readonly List<string> _leftOut = [];

    /// <param name="model">A transformer or a chain.</param>
    /// <param name="input">The columns that a single image has.</param>
    /// <exception cref="ArgumentOutOfRangeException">A component of this library, or what predicts, lacks a column.</exception>
    public EngineSteps(ITransformer model, DataViewSchema input)
    {
        Schema = input;
        List<ITransformer> steps = [];
        foreach (ITransformer step in Flatten(model))
        {
            if (step is GroundingImageLoaderTransformer)
            {
                continue;
            }

            try
            {
                Schema = step.GetOutputSchema(Schema);
                steps.Add(step);
            }
            catch (Exception exception) when (step is not RowMapTransformer && exception is ArgumentException or InvalidOperationException)
            {
                _leftOut.Add($"{step.GetType().Name} ({FirstLine(exception)})");
                if (step is IPredictionTransformer<object>)
                {
                    throw DataViews.SchemaMismatch.Because(
                        $"{nameof(GroundingEngine)}: what predicts at the end of the model needs more than an image gives. {LeftOut}"
                    );
                }
            }
        }

        Model = new TransformerChain<ITransformer>([.. steps]);
    }

    /// <summary>The steps that are gone through.</summary>
    public ITransformer Model { get; }

    /// <summary>What they make of an image's columns.</summary>
    public DataViewSchema Schema { get; }

    /// <summary>Which steps were left out and why, for messages; empty where none was.</summary>
    public string LeftOut =>
        _leftOut.Count == 0 ? "" : $"Steps that need columns which an image alone has not are left out: {string.Join("; ", _leftOut)}.";

    /// <summary>The steps of a model, those of chains within chains too.</summary>
    public static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].Trim().TrimEnd('.');
}
