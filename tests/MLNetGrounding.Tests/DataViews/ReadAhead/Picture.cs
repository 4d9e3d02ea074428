using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>A row with a picture in memory.</summary>
internal sealed class Picture
{
    public required int Id { get; init; }

    public required MLImage? Image { get; init; }

    public string Name => $"picture {Id}";

    public bool IsEven => Id % 2 == 0;

    public float[] Numbers => [Id, -Id];
}
