using MLNetGrounding;

namespace Contoso;

/// <summary>The strongest head at each cell.</summary>
public sealed record StrongestHeadGrounding : GroundingMethod
{
    /// <summary>The first layer that counts.</summary>
    public int FirstLayer { get; init; }

    protected override void Validate()
    {
        base.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(FirstLayer);
    }

    protected override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map)
    {
        ReadOnlySpan<float> maps = attention.Maps(role, query, this);
        for (int index = FirstLayer * attention.Heads * attention.Cells; index < maps.Length; index++)
        {
            map[index % map.Length] = Math.Max(map[index % map.Length], maps[index]);
        }
    }
}
