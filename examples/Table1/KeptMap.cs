using Parquet.Serialization.Attributes;

namespace Table1;

/// <summary>A row of a file of maps: where one method looks for one word in one image.</summary>
internal sealed class KeptMap
{
    /// <summary>What the image is called, as in the scores.</summary>
    [ParquetRequired]
    public string Image { get; set; } = "";

    /// <summary>The method; <see cref="KeptMaps.Mask"/> for where the coarse word's attention comes from.</summary>
    [ParquetRequired]
    public string Method { get; set; } = "";

    /// <summary>The word; of the mask nothing.</summary>
    [ParquetRequired]
    public string Word { get; set; } = "";

    /// <summary>Rows of the map.</summary>
    public int Height { get; set; }

    /// <summary>Columns of the map.</summary>
    public int Width { get; set; }

    /// <summary>The map, row by row.</summary>
    public List<float> Map { get; set; } = [];

    /// <summary>Where the image's pixels lie on the grid, in the numbers of the column <c>Geometry</c>.</summary>
    public List<float> Geometry { get; set; } = [];
}
