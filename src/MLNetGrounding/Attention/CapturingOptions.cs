using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Attention;

/// <summary>What all components that run the model do with their options.</summary>
internal static class CapturingOptions
{
    private const int MostReadAhead = 1_000;

    /// <exception cref="ArgumentException">No model is named, or two are.</exception>
    public static void CheckModel(this ICapturingOptions options)
    {
        if (options.ModelDirectory is null == options.Model is null)
        {
            throw new ArgumentException($"Set either {nameof(options.ModelDirectory)} or {nameof(options.Model)} of {options.GetType().Name}.");
        }
    }

    /// <exception cref="ArgumentException">A setting is missing or out of its range.</exception>
    public static void CheckCapture(this ICapturingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.Capture, nameof(options.Capture));
        ArgumentOutOfRangeException.ThrowIfNegative(options.ReadAhead, nameof(options.ReadAhead));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ReadAhead, MostReadAhead, nameof(options.ReadAhead));
        ArgumentException.ThrowIfNullOrEmpty(options.ImageColumnName, nameof(options.ImageColumnName));
        ArgumentException.ThrowIfNullOrEmpty(options.GeometryColumnName, nameof(options.GeometryColumnName));
    }

    /// <summary>Whether queries are given and none of them has a role; where none are given, the component makes those that it needs.</summary>
    public static bool Lacks(this ICapturingOptions options, QueryRole role) => options.Queries?.Any(query => query.Role == role) == false;

    /// <summary>Whether there is a query that asks for a detail.</summary>
    public static bool HasFine(this ICapturingOptions options) => options.Queries is null ? options.Words.Count > 0 : !options.Lacks(QueryRole.Fine);

    public static InputColumn ImageInput(this ICapturingOptions options, string component) =>
        new(component, nameof(options.ImageColumnName), options.ImageColumnName, new ImageDataViewType());

    /// <summary>Makes a transformer with the model that the options name, which it takes over; where it cannot be made, the model is given up.</summary>
    public static TTransformer WithModel<TTransformer>(this ICapturingOptions options, IHostEnvironment environment, Func<VisionLanguageModel, TTransformer> create)
    {
        VisionLanguageModel model = options.Model?.Share()
            ?? (options.ModelOptions is { } settings ? VisionLanguageModel.Load(options.ModelDirectory!, settings) : HostModel.Open(environment, options.ModelDirectory!));
        try
        {
            return create(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
