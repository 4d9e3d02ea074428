using System.Text.Json;
using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Families;

namespace MLNetGrounding.Golden.Models;

/// <summary>Positions of sequences of text and images, of several images and of none among them.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class PositionExampleTests
{
    public static IEnumerable<object[]> Models => GoldenFolders.Folders("", "prompt.json").Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void PositionsOfExamplesAreHuggingFaces(string folder)
    {
        GoldenModel golden = new(folder);
        if (!golden.IsBuilt || golden.PositionExamples.Count == 0)
        {
            Assert.Inconclusive($"{folder} has no examples of positions, or its family is not built.");
        }

        GoldenCase result = new(golden.Folder, "position_examples");
        IImagePreprocessor images = result.Load(() => FamilyRegistry.Read(golden.Checkpoint).CreateImagePreprocessor(tokenizer: null));
        for (int example = 0; example < golden.PositionExamples.Count; example++)
        {
            JsonElement each = golden.PositionExamples[example];
            int[] expected =
            [
                .. each.GetProperty("position_ids")
                    .EnumerateArray()
                    .SelectMany(axis => axis.EnumerateArray())
                    .Select(position => position.GetInt32()),
            ];
            result.Equal($"example_{example}", expected, Positions(images, each));
        }

        result.Complete();
    }

    /// <summary>The positions on all axes, one after the other.</summary>
    private static int[] Positions(IImagePreprocessor images, JsonElement example)
    {
        bool[] isImage = [.. example.GetProperty("is_image").EnumerateArray().Select(token => token.GetInt32() == 1)];
        Queue<ImageSpan> spans = new(
            example
                .GetProperty("merged_grids")
                .EnumerateArray()
                .Select(grid => images.Plan(new ImageRequest(ImageFit.Stretch, new MapGrid(grid[0].GetInt32(), grid[1].GetInt32())))!)
        );
        List<int>[] positions =
        [
            [],
            [],
            [],
        ];
        int next = 0;
        for (int token = 0; token < isImage.Length; )
        {
            ImageSpan? span = isImage[token] ? spans.Dequeue() : null;
            for (int axis = 0; axis < positions.Length; axis++)
            {
                positions[axis].AddRange(span is null ? [next] : span.Offsets![axis].Select(offset => next + offset));
            }

            next += span?.Advance ?? 1;
            token += span?.Ids.Count ?? 1;
        }

        return [.. positions.SelectMany(axis => axis)];
    }
}
