using Microsoft.ML;
using MLNetGrounding.DataViews;
using MLNetGrounding.DataViews.ReadAhead;
using MLNetGrounding.Models.Capture;

namespace MLNetGrounding.Attention;

/// <summary>Runs the image of each row through the model, at most once and only for what the getters made so far need.</summary>
/// <typeparam name="TCaptured">What is kept of a row's attention.</typeparam>
internal abstract class CaptureMapper<TCaptured> : ImageRowMapper
    where TCaptured : class
{
    // Getters copy what they hand out, so that the next row can have the arrays.
    private readonly CaptureMemory _memory = new();
    private PreparedPrompt? _prompt;

    protected CaptureMapper(CaptureHost host, DataViewRow row, IRowInputs<RowImage> images)
        : base(host, row, images) => CaptureStep = Once(Capture);

    /// <summary>Fills <see cref="Captured"/>.</summary>
    protected OncePerRow CaptureStep { get; }

    /// <summary>What was captured of the present row; <see langword="null"/> where it could not be computed, which the log says.</summary>
    protected TCaptured? Captured { get; private set; }

    /// <summary>Says what is asked of each row from now on. The present row is asked again.</summary>
    protected void Ask(PreparedPrompt prompt)
    {
        _prompt = prompt;
        CaptureStep.Invalidate();
    }

    /// <summary>What to keep of a row's attention; <see langword="null"/> where it is not finite.</summary>
    protected abstract TCaptured? Take(AttentionCapture capture);

    private void Capture()
    {
        Captured = null;
        PrepareImage();
        if (Image is null)
        {
            return;
        }

        AttentionCapture capture = Host.Capture(Image, _prompt!, _memory);
        Ran();
        Captured = Take(capture);
        if (Captured is null)
        {
            string where = capture.FirstNonFiniteLayer is { } layer ? $" from layer {layer} on" : "";
            Fail($"the model's attention is not finite{where}; try a wider precision, and check the weights against their source.");
        }
    }
}
