using System.CommandLine;
using System.CommandLine.Parsing;

namespace MLNetGrounding.Examples;

/// <summary>The options that name annotated images other than CUB's.</summary>
internal sealed class AnnotationOptions
{
    public Option<string> Coco { get; } =
        CommandOptions.Place("--coco", "file", "Key points in COCO's form: a JSON file. Its images lie below --images.");

    public Option<string> Points { get; } =
        CommandOptions.Place(
            "--points",
            "file",
            "Key points and boxes in a CSV file with the columns image, point, x, y, and where it has them width, height, visible, word and label. Its images lie below its own folder, or --images."
        );

    public Option<string> Images { get; } =
        CommandOptions.Place("--images", "folder", "The folder of the images that --coco or --points names.");

    public Option<bool> EachAnnotation { get; } =
        new("--each-annotation") { Description = "Of --coco, take every annotation as a row of its own, not the largest of each image." };

    public Option<bool> Hidden { get; } =
        new("--hidden-points") { Description = "Of --coco, count points that are labeled but hidden (v = 1) as visible." };

    public IEnumerable<Option> All => [Coco, Points, Images, EachAnnotation, Hidden];

    /// <summary>Whether one of them is given.</summary>
    public bool AreGiven(CommandResult result) => result.IsGiven(Coco) || result.IsGiven(Points);

    /// <summary>Refuses options that contradict each other or need another.</summary>
    public void Check(CommandResult result, Option cub)
    {
        if (((Option[])[cub, Coco, Points]).Count(option => result.IsGiven(option)) > 1)
        {
            result.AddError("--cub, --coco and --points each name the images. Give one.");
        }

        if (result.IsGiven(Coco) && !result.IsGiven(Images))
        {
            result.AddError("--coco needs --images, the folder that its file names are below.");
        }

        if (result.IsGiven(Images) && !AreGiven(result))
        {
            result.AddError("--images needs --coco or --points, which names images below it.");
        }

        if ((result.IsGiven(EachAnnotation) || result.IsGiven(Hidden)) && !result.IsGiven(Coco))
        {
            result.AddError("--each-annotation and --hidden-points need --coco.");
        }
    }

    public DataSettings Read(ParseResult result, DataSettings settings) =>
        settings with
        {
            Coco = result.GetValue(Coco),
            Points = result.GetValue(Points),
            Images = result.GetValue(Images),
            EachAnnotation = result.GetValue(EachAnnotation),
            Hidden = result.GetValue(Hidden),
        };
}
