using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.MlNet;

namespace MLNetGrounding.Methods;

/// <summary>Has methods learn from images; each image is captured once for all of them.</summary>
/// <param name="environment">The context.</param>
/// <param name="options">The methods and columns.</param>
/// <param name="model">The model, which stays the caller's.</param>
/// <param name="all">A prompt that was prepared for all methods.</param>
/// <param name="defaultRow">The row of methods that name none.</param>
internal sealed class MethodFitter(
    IHostEnvironment environment,
    MethodGrounderOptions options,
    VisionLanguageModel model,
    PreparedPrompt all,
    QueryRow defaultRow
)
{
    private const string Name = MethodGrounderTransformer.Name;

    /// <summary>
    /// The methods as learned; methods that have nothing to learn stay as they are, and where there are no others, no row is read.
    /// </summary>
    public IReadOnlyList<GroundingMethod> Fit(IDataView input)
    {
        GroundingMethod[] methods = [.. options.Methods];
        int[] learning = [.. Enumerable.Range(0, methods.Length).Where(index => methods[index].ImagesToFit > 0)];
        if (learning.Length == 0)
        {
            return methods;
        }

        MethodLearner[] learners = Array.ConvertAll(learning, index => methods[index].CreateLearner());
        int[] wanted = Array.ConvertAll(learning, index => methods[index].ImagesToFit);
        int images = 0;
        int skipped = 0;
        foreach (CapturedAttention? attention in Attention(input, [.. learning.Select(index => methods[index])]))
        {
            if (attention is null)
            {
                skipped++;
                continue;
            }

            for (int index = 0; index < learners.Length; index++)
            {
                if (images < wanted[index])
                {
                    learners[index].Add(attention);
                }
            }

            if (++images == wanted.Max())
            {
                break;
            }
        }

        Report(images, skipped, learning.Select(index => methods[index].Name));
        for (int index = 0; index < learners.Length; index++)
        {
            methods[learning[index]] = learners[index].Complete();
        }

        return methods;
    }

    /// <summary>Every row's attention as the methods need it, <see langword="null"/> for rows that have none.</summary>
    private IEnumerable<CapturedAttention?> Attention(IDataView input, IReadOnlyList<GroundingMethod> methods)
    {
        CapturePlan plan = options.PlanOf(methods, defaultRow);
        PreparedPrompt prompt = plan.PromptOf(all);
        DataViewSchema.Column column = options.ImageInput(Name).Find(input.Schema);
        using DataViewRowCursor cursor = input.GetRowCursor([column]);
        ValueGetter<MLImage> getImage = cursor.GetGetter<MLImage>(column);
        MLImage? image = null;
        while (cursor.MoveNext())
        {
            HostSettings.ThrowIfCanceled(environment);
            getImage(ref image!);
            AttentionCapture? capture = image is null ? null : model.Capture(ImageFile.ToRgb(image), prompt, options.CancellationToken);
            yield return capture is null ? null : CapturedAttention.IfFinite(capture, plan, model.Info);
        }
    }

    private void Report(int images, int skipped, IEnumerable<string> names)
    {
        using IChannel channel = environment.Register(Name).Start("Fit");
        string what = $"{Name}: {string.Join(", ", names)} learned from {images} image(s)";
        if (skipped > 0)
        {
            channel.Warning(MessageSensitivity.None, $"{what}; {skipped} row(s) without a usable image were left out.");
        }
        else
        {
            channel.Info(MessageSensitivity.None, $"{what}.");
        }
    }
}
