using System.Globalization;
using MLNetGrounding;

namespace SteerAnswers;

/// <summary>One way to steer an answer.</summary>
/// <param name="Name">What is done, in words.</param>
/// <param name="Bias">What is added to attention scores; null where nothing is.</param>
/// <param name="Amplification">How attention is changed for the box of a part; null leaves it as it is.</param>
/// <param name="Hide">Hides pixels of an image, given the part's box; null shows all.</param>
internal sealed record Steering(
    string Name,
    double? Bias,
    Func<ImageBox, ImageBox, AttentionAmplification>? Amplification,
    Func<RgbImage, ImageBox, ImageBox, RgbImage>? Hide
)
{
    public const string AsItIs = "as it is";
    public const string CoarseMask = "coarse mask";
    public const string PartBox = "part's box";
    public const string ChosenHeads = "part's box (chosen heads)";
    public const string ElsewhereBox = "box elsewhere";

    public string BiasText => Bias is { } bias ? bias.ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>All ways, the unsteered answer first; each is given the part's box and one of the same size elsewhere.</summary>
    public static IReadOnlyList<Steering> All(SteerAnswersSettings settings, IReadOnlyList<AttentionHead> heads)
    {
        AttentionAmplification under = new() { FirstLayerDepth = settings.FirstLayerDepth, MaskThreshold = settings.MaskThreshold };
        return
        [
            new(AsItIs, null, null, null),
            .. settings.Biases.Select(bias => new Steering(CoarseMask, bias, (_, _) => under with { Bias = bias }, null)),
            .. settings.Biases.Select(bias => new Steering(PartBox, bias, (part, _) => under with { Bias = bias, Box = part }, null)),
            .. settings.Biases.Select(bias => new Steering(
                ChosenHeads,
                bias,
                (part, _) => under with { Bias = bias, Box = part, Heads = heads },
                null
            )),
            .. settings.Biases.Select(bias => new Steering(
                ElsewhereBox,
                bias,
                (_, elsewhere) => under with { Bias = bias, Box = elsewhere },
                null
            )),
            new("part hidden from attention", double.NegativeInfinity, (part, _) => AttentionAmplification.Hiding(part), null),
            new("part's pixels black", null, null, (image, part, _) => image.Hide(part)),
            new("part's pixels of the mean color", null, null, (image, part, _) => image.Hide(part, FaithfulnessBaseline.MeanColor)),
            new(
                "part's pixels black and hidden from attention",
                double.NegativeInfinity,
                (part, _) => AttentionAmplification.Hiding(part),
                (image, part, _) => image.Hide(part)
            ),
            new("box elsewhere hidden from attention", double.NegativeInfinity, (_, box) => AttentionAmplification.Hiding(box), null),
            new("pixels elsewhere black", null, null, (image, _, box) => image.Hide(box)),
        ];
    }

    /// <summary>A box of the same size that does not meet a part's, if the image has room for one; the same for the same seed.</summary>
    public static ImageBox Elsewhere(RgbImage image, ImageBox part, int seed)
    {
        var random = new Random(seed);
        (double width, double height) = (Math.Min(part.Width, image.Width), Math.Min(part.Height, image.Height));
        ImageBox box = default;
        for (int trial = 0; trial < 1000; trial++)
        {
            box = new ImageBox(random.NextDouble() * (image.Width - width), random.NextDouble() * (image.Height - height), width, height);
            bool meets = box.X < part.X + part.Width && part.X < box.X + width && box.Y < part.Y + part.Height && part.Y < box.Y + height;
            if (!meets)
            {
                break;
            }
        }

        return box;
    }
}
