using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetGrounding;

/// <summary>The environment behind a catalog of ML.NET: without it, messages would not reach <see cref="MLContext.Log"/>.</summary>
/// <remarks>
/// ML.NET shows it to its own assemblies only. This is the only place that looks for it; should a later ML.NET keep it elsewhere,
/// everything works on but for the messages.
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
