using MLNetGrounding;
using MLNetGrounding.Saving;

namespace Microsoft.ML;

public static partial class GroundingModelCatalog
{
    /// <summary>
    /// Saves a model as <c>mlContext.Model.Save</c> does, but leaves nothing behind, and what was there untouched, if that fails.
    /// </summary>
    /// <remarks>The file is the same that <c>mlContext.Model.Save</c> writes, and either way of loading reads it.</remarks>
    /// <param name="catalog">The catalog, <c>mlContext.Model</c>.</param>
    /// <param name="model">The model: a transformer or a chain.</param>
    /// <param name="inputSchema">The schema of the data to be transformed, or <see langword="null"/>.</param>
    /// <param name="filePath">The file to write.</param>
    /// <exception cref="NotSupportedException">The model holds what cannot be saved, observers for example.</exception>
    public static void SaveGrounding(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        string path = Path.GetFullPath(filePath);
        string unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            catalog.Save(model, inputSchema, unfinished);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>
    /// Loads a model as <c>mlContext.Model.Load</c> does, but only one of this library's and ML.NET's own components, of a bounded size:
    /// the file is looked through before anything of it is loaded, and whatever is wrong with it ends in one kind of exception.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Checked before ML.NET sees the file: that it is a chain of transformers with its schema and nothing else, of at most 4096 entries
    /// and 1 GiB unpacked, each with the length and check sum that are stated; that each component is of this library or of an assembly of
    /// ML.NET, and by its name one of those that hold numbers and texts alone (no custom mapping, no expression, no ONNX or TensorFlow
    /// graph, nothing that reads files but this library's image loader); every length in the schema and its annotations. Of this library's
    /// components every setting is held against its range when the component is made.
    /// </para>
    /// <para>
    /// Not checked: the numbers inside ML.NET's own components, which ML.NET reads and believes. A file that somebody made with bad
    /// intentions can still, through one of these, take memory and time, or give wrong results; it cannot name code to be run. Checkpoints
    /// are not in the file: they are looked for when the model is first used, see <see cref="CheckpointLocator"/>.
    /// </para>
    /// </remarks>
    /// <param name="catalog">The catalog, <c>mlContext.Model</c>.</param>
    /// <param name="filePath">The saved model.</param>
    /// <param name="inputSchema">Receives the schema that was saved with the model, or <see langword="null"/> where none was.</param>
    /// <param name="resolver">
    /// Finds the checkpoints of this model, see <see cref="CheckpointLocator.Resolver"/>, which is asked where this is
    /// <see langword="null"/>.
    /// </param>
    /// <returns>The model. Disposing it releases the checkpoints that it opened.</returns>
    /// <exception cref="SavedModelException">The file is damaged, holds something else or is from a later version; the message says
    /// which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ITransformer LoadGrounding(
        this ModelOperationsCatalog catalog,
        string filePath,
        out DataViewSchema? inputSchema,
        Func<CheckpointReference, string?>? resolver = null
    ) => LoadGrounding(catalog, filePath, out inputSchema, new SavedModelOptions { Resolver = resolver });

    /// <summary>
    /// Loads a model as
    /// <see cref="LoadGrounding(ModelOperationsCatalog, string, out DataViewSchema?, Func{CheckpointReference, string?}?)"/> does, and lets
    /// components through that the options name.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Model</c>.</param>
    /// <param name="filePath">The saved model.</param>
    /// <param name="inputSchema">Receives the schema that was saved with the model, or <see langword="null"/> where none was.</param>
    /// <param name="options">Where checkpoints are found, and what is trusted.</param>
    /// <returns>The model. Disposing it releases the checkpoints that it opened.</returns>
    /// <exception cref="SavedModelException">The file is damaged, holds something else or is from a later version; the message says
    /// which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ITransformer LoadGrounding(
        this ModelOperationsCatalog catalog,
        string filePath,
        out DataViewSchema? inputSchema,
        SavedModelOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        ArgumentNullException.ThrowIfNull(options);
        using FileStream stream = File.OpenRead(filePath);
        return SavedModelFile.Load(catalog, stream, out inputSchema, options);
    }
}
