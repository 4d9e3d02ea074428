using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using MLNetGrounding.Extensions.Chat;

namespace MLNetGrounding;

/// <summary>Where a model looked when it said a word of its answer.</summary>
/// <remarks>
/// Its <see cref="AIAnnotation.AnnotatedRegions"/> hold one <see cref="TextSpanAnnotatedRegion"/>: where the word stands in the text of the
/// content that it annotates. To write and read it as JSON, see <see cref="GroundingChatExtensions.AddGroundingAnnotations"/>.
/// </remarks>
public sealed class GroundingAnnotation : AIAnnotation
{
    /// <summary>The word, with the punctuation that is written together with it.</summary>
    public required string Word { get; init; }

    /// <summary>
    /// The mean attention of its tokens over all layers and heads, <c>[gridHeight, gridWidth]</c>, row by row;
    /// <see cref="AnswerOptions.Row"/> says which rows are read.
    /// </summary>
    public required IReadOnlyList<float> Map { get; init; }

    /// <summary>Where the image lies on the grid of <see cref="Map"/>.</summary>
    [JsonConverter(typeof(GeometryConverter))]
    public required ImageGeometry Geometry { get; init; }

    /// <summary>
    /// The box, in pixels of the image, around the largest part of the region that <see cref="GroundingChatClientOptions.Region"/> makes of
    /// the map; <see langword="null"/> where the map is the same everywhere, or the region shows nothing of the image.
    /// </summary>
    public required PixelBox? Box { get; init; }

    /// <summary>The natural logarithm of the probability of the word's tokens, each after those before it.</summary>
    public required double LogProbability { get; init; }
}
