using MLNetGrounding;

namespace GroundBirds;

/// <summary>A row as what figures and reports are made of.</summary>
internal static class GroundedRowImage
{
    /// <summary>Reads the row's image again; the caller disposes it.</summary>
    public static GroundedImage Of(
        GroundedRow row,
        IReadOnlyList<string> queries,
        ModelInfo model,
        bool withLayers,
        ImageLoadingOptions loading
    ) =>
        new()
        {
            Image = ImageFile.Load(row.ImagePath, loading),
            Geometry = ImageGeometry.FromVector(row.Geometry),
            Queries = queries,
            Methods = [new GroundedMaps("GroundingMaps", row.GroundingMaps)],
            Name = Path.GetFileName(row.ImagePath),
            Label = row.Species,
            BoundingBox = row.BoundingBox,
            KeyPoints = row.KeyPoints,
            KeyPointVisible = row.KeyPointVisible,
            KeyPointDescription = CubParts.Description,
            CoarseMask = row is LayeredRow masked ? masked.CoarseMask : default,
            Layers =
                withLayers && row is LayeredRow layered
                    ? new GroundedLayers(model.Layers, model.Heads, layered.FineAttention)
                    {
                        NeutralAttention = layered.NeutralAttention,
                        LayerMaps = layered.LayerMaps,
                        KeptHeads = row.KeptHeads,
                    }
                    : null,
        };
}
