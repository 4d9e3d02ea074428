using Parquet.Serialization.Attributes;

namespace Table1;

/// <summary>The columns that say what a file of maps holds, without the maps.</summary>
internal sealed class KeptKey
{
    [ParquetRequired]
    public string Image { get; set; } = "";

    [ParquetRequired]
    public string Method { get; set; } = "";

    public int Height { get; set; }

    public int Width { get; set; }
}
