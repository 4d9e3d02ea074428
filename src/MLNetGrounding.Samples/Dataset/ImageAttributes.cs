using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Dataset;

/// <summary>
/// Describes a drawn bird in the attributes of CUB-200-2011.
/// </summary>
internal sealed class ImageAttributes
{
    // The identifiers of CUB's certainties.txt.
    private const byte NotVisible = 1;
    private const byte Guessing = 2;
    private const byte Definitely = 4;

    private readonly Dictionary<string, byte> _certainties = new(StringComparer.Ordinal);
    private readonly bool[] _present = new bool[CubAttributes.Names.Count];

    public ImageAttributes(SampleBird bird)
    {
        foreach (SamplePart part in bird.Parts)
        {
            foreach (string category in PartAttributes.CategoriesOf((BirdPart)part.Index))
            {
                Answer(category, part.ColorName, part.Visible);
            }
        }

        SamplePart largest = bird.Parts.GroupBy(part => part.Color).MaxBy(group => group.Sum(part => part.VisiblePixels))!.First();
        Answer("has_primary_color", largest.ColorName, visible: true);
        Answer("has_bill_shape", BillShape(bird.Shape.Beak), bird[BirdPart.Beak].Visible);
        Answer(
            "has_bill_length",
            bird.Shape.Beak is BeakShape.Cone or BeakShape.Hooked ? "shorter_than_head" : "about_the_same_as_head",
            bird[BirdPart.Beak].Visible
        );
        Answer("has_tail_shape", TailForm(bird.Shape.Tail), bird[BirdPart.Tail].Visible);
        Answer("has_head_pattern", bird.Shape.Crested ? "crested" : "plain", bird[BirdPart.Head].Visible);
        Answer("has_shape", "perching-like", visible: true);
        Answer("has_breast_pattern", "solid", bird[BirdPart.Breast].Visible);
        Answer("has_back_pattern", "solid", bird[BirdPart.Back].Visible);
        Answer("has_tail_pattern", "solid", bird[BirdPart.Tail].Visible);
        Answer("has_belly_pattern", "solid", bird[BirdPart.Belly].Visible);
        Answer("has_wing_pattern", "solid", bird[BirdPart.Wing].Visible);
        Answer("has_wing_shape", "rounded-wings", bird[BirdPart.Wing].Visible);
    }

    /// <summary>Gets per attribute whether it is present.</summary>
    public IReadOnlyList<bool> Present => _present;

    /// <summary>Gets CUB's certainty of an attribute; sizes are guesses, as nothing in an image tells them.</summary>
    public byte CertaintyOf(int attribute) => _certainties.GetValueOrDefault(CubAttributes.CategoryOf(attribute), Guessing);

    /// <summary>Tells whether the image shows what the attribute's category is about.</summary>
    public bool Shows(int attribute) => CertaintyOf(attribute) != NotVisible;

    private static string BillShape(BeakShape shape) =>
        shape switch
        {
            BeakShape.Cone => "cone",
            BeakShape.Dagger => "dagger",
            BeakShape.Needle => "needle",
            _ => "hooked",
        };

    private static string TailForm(TailShape shape) =>
        shape switch
        {
            TailShape.Rounded => "rounded_tail",
            TailShape.Forked => "forked_tail",
            TailShape.Pointed => "pointed_tail",
            TailShape.Squared => "squared_tail",
            _ => "fan-shaped_tail",
        };

    private void Answer(string category, string value, bool visible)
    {
        if (visible)
        {
            _present[CubAttributes.IndexOf(category, value)] = true;
            _certainties[category] = Definitely;
        }
        else
        {
            // Another part of the same category may be visible.
            _certainties.TryAdd(category, NotVisible);
        }
    }
}
