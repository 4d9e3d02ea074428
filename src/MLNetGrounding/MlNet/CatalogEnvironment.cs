using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetGrounding.MlNet;

/// <summary>The environment behind a catalog of ML.NET: which has its log, its cancellation and its GPU.</summary>
/// <remarks>
/// ML.NET shows it to its own assemblies only. This is the only place that looks for it; should a later ML.NET keep it elsewhere,
/// everything works on, but with a context of its own: without the messages, the cancellation and the GPU of the user's.
/// </remarks>
internal static class CatalogEnvironment
{
    public static IHostEnvironment Of(TransformsCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        try
        {
            return Field(catalog);
        }
        catch (MissingFieldException)
        {
            return new MLContext();
        }
    }

    public static IHostEnvironment Of(DataOperationsCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        try
        {
            return Field(catalog);
        }
        catch (MissingFieldException)
        {
            return new MLContext();
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
    private static extern ref IHostEnvironment Field(TransformsCatalog catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
    private static extern ref IHostEnvironment Field(DataOperationsCatalog catalog);
}
