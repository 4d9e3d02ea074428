namespace MLNetGrounding.Methods;

/// <summary>The strongest head at each cell: the sample method of <c>docs/adding-a-method.md</c>, which has the same lines.</summary>
public sealed record StrongestHeadGrounding : GroundingMethod
{
    /// <summary>The first layer that counts.</summary>
    public int FirstLayer { get; init; }

    protected internal override void Validate()
    {
        base.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(FirstLayer);
    }

    protected internal override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map)
    {
        ReadOnlySpan<float> maps = attention.Maps(role, query, this);
        for (int index = FirstLayer * attention.Heads * attention.Cells; index < maps.Length; index++)
        {
            map[index % map.Length] = Math.Max(map[index % map.Length], maps[index]);
        }
    }
}
