namespace MLNetGrounding.Methods;

/// <summary>The strongest head at each cell: the sample method of <c>docs/adding-a-method.md</c>, which has the same lines.</summary>
public sealed record StrongestHeadGrounding : GroundingMethod
{
    private protected override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map)
    {
        ReadOnlySpan<float> maps = attention.Maps(role, query, Row, Cleaning);
        for (int index = 0; index < maps.Length; index++)
        {
            map[index % map.Length] = Math.Max(map[index % map.Length], maps[index]);
        }
    }
}
