namespace MLNetGrounding;

/// <summary>
/// Where <see cref="GroundingCatalog.ReadImages"/> finds what belongs to an image. Only the images, the geometry and a map column, or
/// answers with their maps, must be there; any other column that a view lacks, or whose grid is another, is left out of the result.
/// </summary>
public sealed record GroundedImageColumns
{
    /// <summary>The images, of <see cref="Microsoft.ML.Data.MLImage"/>. Default <c>Image</c>.</summary>
    public string Image { get; init; } = GroundingColumns.Image;

    /// <summary>Where the image's pixels lie on the grid, <see cref="ImageGeometry.Length"/> floats. Default <c>Geometry</c>.</summary>
    public string Geometry { get; init; } = GroundingColumns.Geometry;

    /// <summary>
    /// The methods' names and the columns of their final maps, floats <c>[queries, gridHeight, gridWidth]</c> with query names. Default
    /// <see langword="null"/>: <c>GroundingMaps</c>, as the method <c>GroundingMaps</c>, and every column <c>GroundingMaps.NAME</c>, as the
    /// method <c>NAME</c>.
    /// </summary>
    public IReadOnlyList<EvaluatedMethod>? Methods { get; init; }

    /// <summary>What an image is called: a text; of a path the file name is taken. Default <c>ImagePath</c>.</summary>
    public string Name { get; init; } = GroundingColumns.ImagePath;

    /// <summary>What an image shows, its class for example: a text. Default <c>Label</c>.</summary>
    public string Label { get; init; } = GroundingColumns.Label;

    /// <summary>x, y, width and height of the object, 4 floats. Default <c>BoundingBox</c>.</summary>
    public string BoundingBox { get; init; } = GroundingColumns.BoundingBox;

    /// <summary>x and y of each key point, floats <c>[points, 2]</c>. Default <c>KeyPoints</c>.</summary>
    public string KeyPoints { get; init; } = GroundingColumns.KeyPoints;

    /// <summary>1 for each visible key point, else 0, floats <c>[points]</c>. Default <c>KeyPointVisible</c>.</summary>
    public string KeyPointVisible { get; init; } = GroundingColumns.KeyPointVisible;

    /// <summary>The coarse word's mask, floats <c>[gridHeight, gridWidth]</c>. Default <c>CoarseMask</c>.</summary>
    public string CoarseMask { get; init; } = GroundingColumns.CoarseMask;

    /// <summary>
    /// Attention before head selection, floats <c>[queries, layers, heads, gridHeight, gridWidth]</c>. Default <c>FineAttention</c>.
    /// </summary>
    public string FineAttention { get; init; } = GroundingColumns.FineAttention;

    /// <summary>
    /// Attention of questions about nothing in particular, floats <c>[questions, layers, heads, gridHeight, gridWidth]</c>. Default
    /// <c>NeutralAttention</c>.
    /// </summary>
    public string NeutralAttention { get; init; } = "NeutralAttention";

    /// <summary>The layer maps, floats <c>[queries, layers, gridHeight, gridWidth]</c>. Default <c>LayerMaps</c>.</summary>
    public string LayerMaps { get; init; } = GroundingColumns.LayerMaps;

    /// <summary>1 for each kept head, else 0, floats <c>[queries, layers, heads]</c>. Default <c>KeptHeads</c>.</summary>
    public string KeptHeads { get; init; } = GroundingColumns.KeptHeads;

    /// <summary>The texts of answers' tokens, texts <c>[queries, tokens]</c>. Default <c>AnswerTokens</c>.</summary>
    public string AnswerTokens { get; init; } = GroundingColumns.AnswerTokens;

    /// <summary>Where answers' tokens look, floats <c>[queries, tokens, gridHeight, gridWidth]</c>. Default <c>AnswerMaps</c>.</summary>
    public string AnswerMaps { get; init; } = GroundingColumns.AnswerMaps;

    /// <summary>
    /// The logarithms of their probabilities, floats <c>[queries, tokens]</c>. Default <c>AnswerLogProbabilities</c>.
    /// </summary>
    public string AnswerLogProbabilities { get; init; } = GroundingColumns.AnswerLogProbabilities;

    /// <summary>
    /// How many images, from the first on, get attention by layer and head, which is megabytes an image at the size of LLaVA 1.5.
    /// Default: all.
    /// </summary>
    public int Details { get; init; } = int.MaxValue;
}
