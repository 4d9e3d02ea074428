using System.CommandLine;
using Table1;

namespace MLNetGrounding.Tool;

/// <summary>The command <c>grounding</c> and those below it.</summary>
internal static class GroundingTool
{
    private const string Description = """
        Finds where a vision-language model looks in images when it is asked about words.

        Writes into the folder of --out: regions.csv with a box in pixels for every image and word, overlays, and all maps, so that
        'grounding report' makes an HTML page of them later. Nothing is downloaded but by 'grounding model get'.

        Examples:
          grounding model get llava-hf/llava-interleave-qwen-0.5b-hf
          grounding photos/ --words wheel,door --object car --model llava-hf/llava-interleave-qwen-0.5b-hf
          grounding ask photo.jpg "What color is the door?" --model llava-hf/llava-interleave-qwen-0.5b-hf
          grounding report grounding
          grounding model ~/models/llava-1.5-7b-hf --check photo.jpg
          grounding compare --cub ~/data/CUB_200_2011 --methods all --model ~/models/llava-1.5-7b-hf
          grounding --coco person_keypoints.json --images val2017 --object person --model ~/models/llava-1.5-7b-hf

        Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted by Ctrl-C (what was done until then is written).
        """;

    private const string CompareDescription = """
        Compares grounding methods on a data set with annotations, or on drawn birds: the table of "Can Large Vision Language Models Ground
        Fine-Grained Attribute?". Goes on where it was interrupted. Images without annotations are compared without scores: how large regions
        are, and how much methods agree.
        """;

    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        ExampleCommand program = new("grounding", output, error);
        RootCommand root = new(Description);
        new GroundCommand().AddTo(root, program, output, error);
        Command compare = new("compare", CompareDescription);
        Table1Command.AddTo(compare, program, output, error);
        root.Subcommands.Add(AskCommand.Create(program, output, error));
        root.Subcommands.Add(compare);
        root.Subcommands.Add(ReportCommand.Create(program, output));
        root.Subcommands.Add(ModelCommand.Create(program, output, error));
        return program.RunAsync(root, arguments, cancellationToken);
    }
}
