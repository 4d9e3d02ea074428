namespace MLNetGrounding.Maths.Heads;

/// <summary>A head among those that can be selected in one sample.</summary>
/// <param name="Head">Its index in <c>[layers, heads]</c>.</param>
/// <param name="Sum">Its attention over the whole image.</param>
/// <param name="Entropy">Its spatial entropy.</param>
/// <param name="Components">The separate places that it looks at.</param>
internal readonly record struct RankedHead(int Head, double Sum, double Entropy, int Components);
