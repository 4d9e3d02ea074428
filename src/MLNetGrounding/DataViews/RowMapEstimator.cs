using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;
using MLNetGrounding.MlNet;

namespace MLNetGrounding;

/// <summary>
/// What the estimators of this library have in common: they compute each row from that row alone. Fitting checks the columns; rows are read
/// only to learn from, by head selection where it is asked to (<see cref="HeadSelectorOptions.Fitting"/>) and by grounding with methods
/// that learn (<see cref="LocalizationHeadsGrounding"/>).
/// </summary>
/// <typeparam name="TTransformer">The transformer that fitting makes.</typeparam>
/// <remarks>The class is closed: it exists so that the estimators share one implementation, not to be derived from.</remarks>
public abstract class RowMapEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : RowMapTransformer
{
    private protected RowMapEstimator(IHostEnvironment environment) => Environment = environment;

    private protected IHostEnvironment Environment { get; }

    /// <summary>The columns that are needed, checked as far as a schema shape tells before anything is fitted.</summary>
    private protected abstract IEnumerable<InputColumn> Inputs { get; }

    /// <summary>The outputs as far as they are known before the data's schema is; their sizes are not.</summary>
    private protected abstract IEnumerable<DataViewSchema.DetachedColumn> OutputShapes { get; }

    /// <summary>
    /// Checks the columns of <paramref name="input"/> and makes the transformer. No row is read, but where there is something to learn from
    /// rows.
    /// </summary>
    /// <param name="input">A view with the schema of the data to be transformed.</param>
    /// <returns>The transformer, which the caller disposes, itself or through the chain or prediction engine that holds it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing, or is not of the type or dimensions expected.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        TTransformer transformer = CreateTransformer(input);
        try
        {
            transformer.GetOutputSchema(input.Schema);
        }
        catch
        {
            transformer.Dispose();
            throw;
        }

        return transformer;
    }

    /// <summary>The shape of the transformed data, which ML.NET asks every estimator of a chain for before it fits the first.</summary>
    /// <param name="inputSchema">The shape of the data to be transformed.</param>
    /// <returns>The shape with the outputs added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or of another type than expected.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (InputColumn input in Inputs)
        {
            input.Check(inputSchema);
        }

        return SchemaShapes.Append(inputSchema, OutputShapes);
    }

    /// <summary>Makes the transformer; from the rows of <paramref name="input"/> where the component learns from them.</summary>
    private protected abstract TTransformer CreateTransformer(IDataView input);
}
