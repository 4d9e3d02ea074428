namespace MLNetGrounding;

/// <summary>The names that columns have unless told otherwise.</summary>
public static class GroundingColumns
{
    /// <summary>The images.</summary>
    public const string Image = "Image";

    /// <summary>Where the images' files are, text.</summary>
    public const string ImagePath = "ImagePath";

    /// <summary>What tells a row's image from all others, a number or text.</summary>
    public const string ImageId = "ImageId";

    /// <summary>Where the files are that say which pixels are which part, text.</summary>
    public const string PartMaskPath = "PartMaskPath";

    /// <summary>Where the files are that say which pixels are the whole object, text.</summary>
    public const string ObjectMaskPath = "ObjectMaskPath";

    /// <summary>What the images show, text.</summary>
    public const string Label = "Label";

    /// <summary>The annotated key points, floats <c>[points, 2]</c>: x and y in pixels.</summary>
    public const string KeyPoints = "KeyPoints";

    /// <summary>Which key points are visible, floats <c>[points]</c>: 0 or 1.</summary>
    public const string KeyPointVisible = "KeyPointVisible";

    /// <summary>The annotated box, floats <c>[4]</c>: x, y, width and height in pixels.</summary>
    public const string BoundingBox = "BoundingBox";

    /// <summary>Attention of the fine words, floats <c>[queries, layers, heads, gridHeight, gridWidth]</c>.</summary>
    public const string FineAttention = "FineAttention";

    /// <summary>Attention of the coarse word, floats <c>[layers, heads, gridHeight, gridWidth]</c>.</summary>
    public const string CoarseAttention = "CoarseAttention";

    /// <summary>Flow matrices of the coarse word, floats <c>[layers, tokens, tokens]</c>.</summary>
    public const string CoarseFlow = "CoarseFlow";

    /// <summary>Sums of the flow matrices' uncut rows, floats <c>[layers, tokens]</c>.</summary>
    public const string FlowRowSums = "FlowRowSums";

    /// <summary>Where the images' pixels lie in the model's input, <see cref="ImageGeometry.Length"/> floats.</summary>
    public const string Geometry = "Geometry";

    /// <summary>The visual token of each cell after the projector, floats <c>[gridHeight, gridWidth, width]</c>.</summary>
    public const string PatchFeatures = "PatchFeatures";

    /// <summary>One map of each layer, floats <c>[queries, layers, gridHeight, gridWidth]</c>.</summary>
    public const string LayerMaps = "LayerMaps";

    /// <summary>Which heads were kept, floats <c>[queries, layers, heads]</c>: 0 or 1.</summary>
    public const string KeptHeads = "KeptHeads";

    /// <summary>One map of each layer of the coarse word, floats <c>[layers, gridHeight, gridWidth]</c>.</summary>
    public const string CoarseLayerMaps = "CoarseLayerMaps";

    /// <summary>Where the coarse word's attention comes from, floats <c>[gridHeight, gridWidth]</c>.</summary>
    public const string CoarseMask = "CoarseMask";

    /// <summary>
    /// The final maps, floats <c>[queries, gridHeight, gridWidth]</c>; of several methods, this name, a dot and the method's name.
    /// </summary>
    public const string GroundingMaps = "GroundingMaps";

    /// <summary>The cells of each map's region, floats <c>[queries, gridHeight, gridWidth]</c>: 0 or 1.</summary>
    public const string Regions = "Regions";

    /// <summary>x, y, width and height of each region's box in pixels, floats <c>[queries, 4]</c>.</summary>
    public const string RegionBoxes = "RegionBoxes";

    /// <summary>What the model answers, texts <c>[queries]</c>.</summary>
    public const string Answer = "Answer";

    /// <summary>The answers' tokens, floats <c>[queries, tokens]</c>; -1 beyond an answer's end.</summary>
    public const string AnswerTokenIds = "AnswerTokenIds";

    /// <summary>The text of each of an answer's tokens, texts <c>[queries, tokens]</c>.</summary>
    public const string AnswerTokens = "AnswerTokens";

    /// <summary>Natural logarithms of the tokens' probabilities, floats <c>[queries, tokens]</c>; NaN beyond an answer's end.</summary>
    public const string AnswerLogProbabilities = "AnswerLogProbabilities";

    /// <summary>
    /// Where each token of the answers looks, floats <c>[queries, tokens, gridHeight, gridWidth]</c>; NaN beyond an answer's end.
    /// </summary>
    public const string AnswerMaps = "AnswerMaps";

    /// <summary>
    /// The boxes that the answers state, floats <c>[queries, 4]</c>: x, y, width and height in pixels of the original image; NaN where
    /// there is none.
    /// </summary>
    public const string AnswerBoxes = "AnswerBoxes";

    /// <summary>The boxes that answers state as maps, floats <c>[queries, gridHeight, gridWidth]</c>: 1 inside, 0 outside.</summary>
    public const string AnswerBoxMaps = "AnswerBoxMaps";

    /// <summary>The probability of each given answer, floats <c>[queries, choices]</c>.</summary>
    public const string ChoiceProbabilities = "ChoiceProbabilities";

    /// <summary>Patch features pooled over each map, floats <c>[queries, length]</c>.</summary>
    public const string GroundingFeatures = "GroundingFeatures";

    /// <summary>Whether a visible key point lies in the region, floats <c>[queries]</c>: 0, 1, or NaN where nothing is scored.</summary>
    public const string Hit = "Hit";

    /// <summary>The region's share of the frame, floats <c>[queries]</c>.</summary>
    public const string Area = "Area";

    /// <summary>Mean pixel importance ratio, floats <c>[queries]</c>.</summary>
    public const string Mpir = "Mpir";

    /// <summary>Features for a trainer, by the name that trainers of ML.NET expect.</summary>
    public const string Features = "Features";

    /// <summary>What a predictor of ML.NET predicts, by its own name.</summary>
    public const string PredictedLabel = "PredictedLabel";

    /// <summary>The scores of a predictor of ML.NET, by its own name.</summary>
    public const string Score = "Score";

    /// <summary>The probability of a binary classifier of ML.NET, by its own name.</summary>
    public const string Probability = "Probability";

    /// <summary>The drawn images.</summary>
    public const string Overlay = "Overlay";
}
