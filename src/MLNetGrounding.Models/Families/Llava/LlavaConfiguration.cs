namespace MLNetGrounding;

/// <summary>The architecture of a LLaVA 1.5 checkpoint as its <c>config.json</c> states it.</summary>
/// <remarks>Keys that a <c>config.json</c> leaves out take the defaults of Hugging Face's Llama (first generation) and CLIP configurations.</remarks>
public sealed record LlavaConfiguration
{
    /// <summary>Width of the language model's hidden states. Default 4096.</summary>
    public int TextHiddenSize { get; init; } = 4096;

    /// <summary>Width of the language model's feed-forward layers. Default 11008.</summary>
    public int TextIntermediateSize { get; init; } = 11008;

    /// <summary>Number of decoder layers, L. Default 32.</summary>
    public int TextLayers { get; init; } = 32;

    /// <summary>Number of attention heads per decoder layer, H. Default 32.</summary>
    public int TextHeads { get; init; } = 32;

    /// <summary>Number of key/value heads per decoder layer; fewer than <see cref="TextHeads"/> under grouped-query attention. Default <see cref="TextHeads"/>.</summary>
    public int TextKeyValueHeads { get; init; } = 32;

    /// <summary>Width of one attention head. Default <see cref="TextHiddenSize"/> / <see cref="TextHeads"/>.</summary>
    public int TextHeadSize { get; init; } = 128;

    /// <summary>Number of token ids. Default 32000.</summary>
    public int VocabularySize { get; init; } = 32000;

    /// <summary>Added to the mean square inside the decoder's RMS norms. Default 1e-6.</summary>
    public double RmsNormEpsilon { get; init; } = 1e-6;

    /// <summary>Base of the rotary position embedding. Default 10000.</summary>
    public double RopeTheta { get; init; } = 10000;

    /// <summary>Whether the output layer shares the input embedding's weights. Default <see langword="false"/>.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>The id that stands for the picture in a prompt. Default 32000.</summary>
    public int ImageTokenId { get; init; } = 32000;

    /// <summary>Side of the square picture that the vision tower sees, in pixels. Default 224.</summary>
    public int ImageSize { get; init; } = 224;

    /// <summary>Side of one patch, in pixels. Default 32.</summary>
    public int PatchSize { get; init; } = 32;

    /// <summary>Width of the vision tower's hidden states. Default 768.</summary>
    public int VisionHiddenSize { get; init; } = 768;

    /// <summary>Width of the vision tower's feed-forward layers. Default 3072.</summary>
    public int VisionIntermediateSize { get; init; } = 3072;

    /// <summary>Number of vision layers on disk. Default 12.</summary>
    public int VisionLayers { get; init; } = 12;

    /// <summary>Number of attention heads per vision layer. Default 12.</summary>
    public int VisionHeads { get; init; } = 12;

    /// <summary>Added to the variance inside the vision tower's layer norms. Default 1e-5.</summary>
    public double VisionLayerNormEpsilon { get; init; } = 1e-5;

    /// <summary>Which hidden state of the vision tower is projected: negative values count from the last layer. Default -2.</summary>
    public int VisionFeatureLayer { get; init; } = -2;

    /// <summary>Number of grid cells per side, g.</summary>
    public int Grid => ImageSize / PatchSize;

    /// <summary>The cells of the maps.</summary>
    internal MapGrid MapGrid => new(Grid, Grid);

    /// <summary>Number of visual tokens, V = g × g, in row-major order.</summary>
    public int VisualTokens => Grid * Grid;

    /// <summary>How many vision layers have to run to reach <see cref="VisionFeatureLayer"/>.</summary>
    internal int VisionLayersToRun => VisionFeatureLayer < 0 ? VisionLayers + 1 + VisionFeatureLayer : VisionFeatureLayer;

    /// <summary>Factor of query-key products.</summary>
    internal double AttentionScale => 1 / Math.Sqrt(TextHeadSize);
}
