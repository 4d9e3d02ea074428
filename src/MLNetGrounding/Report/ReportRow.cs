namespace MLNetGrounding.Report;

/// <summary>What of an image is scored; a box that is not annotated is NaN.</summary>
internal sealed record ReportRow(int Id, float[][] Maps, float[] Geometry, float[] KeyPoints, float[] KeyPointVisible, float[] BoundingBox)
{
    public static ReportRow Of(int id, GroundedImage image)
    {
        float[] geometry = new float[ImageGeometry.Length];
        image.Geometry.CopyTo(geometry);
        return new ReportRow(
            id,
            [.. image.Methods.Select(method => method.Maps.ToArray())],
            geometry,
            image.KeyPoints.ToArray(),
            image.KeyPointVisible.ToArray(),
            image.BoundingBox.Length == 4 ? image.BoundingBox.ToArray() : [float.NaN, float.NaN, float.NaN, float.NaN]
        );
    }
}
