using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;
using MLNetGrounding.Saving;

namespace MLNetGrounding;

/// <summary>
/// What the transformers of this library have in common: each adds columns to a view, computes a row's values from that row alone,
/// and computes nothing until a value is asked for. A column nobody asks for costs nothing.
/// </summary>
/// <remarks>
/// The class is closed: it exists so that the transformers share one implementation of ML.NET's interfaces, not to be derived from.
/// </remarks>
public abstract class RowMapTransformer : ITransformer, IDisposable
{
    private readonly SavedComponent _component;
    private bool _disposed;

    private protected RowMapTransformer(IHostEnvironment environment, SavedComponent component)
    {
        _component = component;
        Host = environment.Register(component.Name);
    }

    private protected IHost Host { get; }

    /// <summary>Everything that is needed to make this transformer again, see <see cref="SavedComponent"/>.</summary>
    /// <exception cref="NotSupportedException">Something that was given to this transformer cannot be saved.</exception>
    private protected abstract object SavedSettings { get; }

    /// <summary>Always <see langword="true"/>: the outputs of a row depend on that row alone, so a prediction engine can be made.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The schema this transformer makes of <paramref name="inputSchema"/>: its columns, followed by the outputs.</summary>
    /// <param name="inputSchema">The schema of the view to be transformed.</param>
    /// <returns>The schema of the transformed view.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing, or is not of the type or dimensions expected.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => BindChecked(inputSchema).OutputSchema;

    /// <summary>Adds the output columns to <paramref name="input"/>. Nothing is computed until a cursor's getters are called.</summary>
    /// <param name="input">The view to transform.</param>
    /// <returns>A view with the columns of <paramref name="input"/> and the outputs.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing, or is not of the type or dimensions expected.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, BindChecked(input.Schema));
    }

    /// <summary>Binds this transformer to a schema, for the use of prediction engines.</summary>
    /// <param name="inputSchema">The schema of the rows to be mapped.</param>
    /// <returns>The bound mapper.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing, or is not of the type or dimensions expected.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => BindChecked(inputSchema);

    /// <summary>
    /// Releases what this transformer holds, its share of a model for example. Views made by it cannot be read afterwards.
    /// </summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            DisposeCore();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Called by <c>MLContext.Model.Save</c>, which writes the whole chain.</summary>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ObjectDisposedException.ThrowIf(_disposed, this);
        _component.Write(ctx, SavedSettings);
    }

    /// <summary>Checks the columns of a schema and returns this transformer bound to it. Never computes anything.</summary>
    private protected abstract RowMap Bind(DataViewSchema inputSchema);

    private protected virtual void DisposeCore() { }

    private RowMap BindChecked(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Bind(inputSchema);
    }
}
