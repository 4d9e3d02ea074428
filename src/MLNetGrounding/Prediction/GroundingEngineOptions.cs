using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;

namespace MLNetGrounding;

/// <summary>How a <see cref="GroundingEngine"/> reads its model's columns.</summary>
public sealed class GroundingEngineOptions : ComponentOptions
{
    /// <summary>
    /// The threshold of <see cref="GroundedQuery.Region"/>: where the map, scaled to 0..1, is at least this, from 0 to 1. Default 0.05, the
    /// paper's and <see cref="MpirEvaluatorOptions.RegionThreshold"/>'s.
    /// </summary>
    public double RegionThreshold { get; set; } = Defaults.RegionThreshold;

    /// <summary>
    /// The number of key points that <see cref="GroundingInput.KeyPoints"/> has. Default <see langword="null"/>: any number that has all
    /// points of the model's tables, which are those of the data that its scores were fitted on. A model with a score of your own that
    /// reads key points needs it.
    /// </summary>
    public int? KeyPoints { get; set; }

    /// <summary>
    /// Whether disposing the engine disposes its model, as ML.NET's own engines do. Default <see langword="true"/>; set it to
    /// <see langword="false"/> where engines share a model.
    /// </summary>
    public bool OwnsModel { get; set; } = true;

    /// <summary>The model's input for the image. Default <c>Image</c>.</summary>
    public string ImageColumnName { get; set; } = GroundingColumns.Image;

    /// <summary>The model's input for the key points, if it scores. Default <c>KeyPoints</c>.</summary>
    public string KeyPointsColumnName { get; set; } = GroundingColumns.KeyPoints;

    /// <summary>The model's input for their visibility, if it scores. Default <c>KeyPointVisible</c>.</summary>
    public string KeyPointVisibleColumnName { get; set; } = GroundingColumns.KeyPointVisible;

    /// <summary>The model's output of maps, floats <c>[queries, gridHeight, gridWidth]</c>. Default <c>GroundingMaps</c>.</summary>
    public string GroundingMapsColumnName { get; set; } = GroundingColumns.GroundingMaps;

    /// <summary>The model's output of <see cref="ImageGeometry.Length"/> floats. Default <c>Geometry</c>.</summary>
    public string GeometryColumnName { get; set; } = GroundingColumns.Geometry;

    /// <summary>The model's output of hits, if it scores. Default <c>Hit</c>.</summary>
    public string HitColumnName { get; set; } = GroundingColumns.Hit;

    /// <summary>The model's output of areas, if it scores. Default <c>Area</c>.</summary>
    public string AreaColumnName { get; set; } = GroundingColumns.Area;

    /// <summary>The model's output of mPIR, if it scores. Default <c>Mpir</c>.</summary>
    public string MpirColumnName { get; set; } = GroundingColumns.Mpir;

    /// <summary>What a predictor at the end of the model predicts, if there is one. Default <c>PredictedLabel</c>.</summary>
    public string PredictedLabelColumnName { get; set; } = GroundingColumns.PredictedLabel;

    /// <summary>The scores of a predictor at the end of the model, if there is one. Default <c>Score</c>.</summary>
    public string ScoreColumnName { get; set; } = GroundingColumns.Score;

    /// <summary>The probability of a binary classifier at the end of the model, if there is one. Default <c>Probability</c>.</summary>
    public string ProbabilityColumnName { get; set; } = GroundingColumns.Probability;

    private protected override void CheckValues()
    {
        if (KeyPoints is { } points)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points, nameof(KeyPoints));
        }

        OptionChecks.Share(RegionThreshold, nameof(RegionThreshold));
    }

    internal static class Defaults
    {
        public const double RegionThreshold = Region.DefaultThreshold;
        public const int Engines = 2;
    }
}
