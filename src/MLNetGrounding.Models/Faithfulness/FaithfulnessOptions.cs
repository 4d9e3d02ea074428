using System.Globalization;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>How insertion and deletion curves are computed.</summary>
/// <remarks>
/// The defaults are those of EAGLE's code ("Where MLLMs Attend and What They Rely On", Chen et al., CVPR 2026, arXiv 2509.22496), so that
/// numbers compare: black pixels in the original image, no blur, 64 equal steps. Of pixels of equal value the earlier one comes first;
/// their sort leaves that open.
/// </remarks>
public sealed record FaithfulnessOptions
{
    private const int MostSteps = 4096;
    private const int MostAtATime = 256;

    /// <summary>The number of equal steps from no pixel to all of them, at least 1; a curve has one point more. Default 64.</summary>
    public int Steps { get; init; } = 64;

    /// <summary>
    /// Whether each step is a whole cell of the grid, from the largest value of the map to the smallest, instead of <see cref="Steps"/> of
    /// pixels. Default <see langword="false"/>.
    /// </summary>
    public bool ByCells { get; init; }

    /// <summary>What hidden pixels become. Default <see cref="FaithfulnessBaseline.Black"/>.</summary>
    public FaithfulnessBaseline Baseline { get; init; }

    /// <summary>How many images the model takes at a time; it changes time and memory only. Default 4.</summary>
    public int ImagesAtATime { get; init; } = 4;

    /// <summary>What is done, in words, such as <c>64 steps of pixels, hidden ones black</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(ByCells ? "whole cells" : $"{Steps} steps of pixels")}, hidden ones {(Baseline == FaithfulnessBaseline.Black ? "black" : "of the image's mean color")}"
        );

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        Range(Steps, MostSteps, nameof(Steps));
        Range(ImagesAtATime, MostAtATime, nameof(ImagesAtATime));
        OptionChecks.Defined(Baseline, nameof(Baseline));

        static void Range(int value, int most, string name)
        {
            if (value < 1 || value > most)
            {
                throw new ArgumentOutOfRangeException(name, value, $"{name} must lie between 1 and {most}.");
            }
        }
    }
}
