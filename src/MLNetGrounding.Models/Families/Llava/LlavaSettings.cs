using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Vision;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>One checkpoint of the family: any tower, any decoder, and a projector of two layers between them.</summary>
internal sealed record LlavaSettings
{
    /// <summary>The vision tower.</summary>
    public required VisionTransformerSettings Vision { get; init; }

    /// <summary>The language model.</summary>
    public required DecoderSettings Text { get; init; }

    /// <summary>
    /// Which hidden states of the tower are projected, joined along their width: 0 is what the first layer reads, k what layer k gives.
    /// </summary>
    public required IReadOnlyList<int> FeatureStates { get; init; }

    /// <summary>Whether the first token of the tower is left out, as <c>vision_feature_select_strategy</c> <c>default</c> does.</summary>
    public required bool DropsFirst { get; init; }

    /// <summary>The function between the projector's layers.</summary>
    public required Activation ProjectorActivation { get; init; }

    /// <summary>Whether the projector's layers have biases.</summary>
    public required bool ProjectorBias { get; init; }

    /// <summary>The id that stands for visual tokens in a prompt.</summary>
    public required int ImageTokenId { get; init; }

    /// <summary>How many layers of the tower have to run.</summary>
    public int VisionLayersToRun => FeatureStates.Max();

    /// <summary>The grid of patches.</summary>
    public MapGrid Grid => new(Vision.Side, Vision.Side);

    /// <summary>
    /// What each visual token shows: a class token that is kept shows no cell, and a patch that is left out is shown by no token.
    /// </summary>
    public VisualLayout Layout()
    {
        MapGrid grid = Grid;
        IEnumerable<IReadOnlyList<(int, float)>> patches = Enumerable
            .Range(0, grid.Cells)
            .Select(cell => (IReadOnlyList<(int, float)>)[(cell, 1f)]);
        IEnumerable<IReadOnlyList<(int, float)>> tokens = Vision.HasClassToken ? patches.Prepend([]) : patches;
        return VisualLayout.Create(grid, DropsFirst ? tokens.Skip(1) : tokens);
    }
}
