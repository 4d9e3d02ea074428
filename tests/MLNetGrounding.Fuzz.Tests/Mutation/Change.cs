namespace MLNetGrounding.Fuzz;

/// <summary>One change of a valid input; what the numbers mean is up to the <see cref="Mutator"/>.</summary>
/// <param name="Kind">Which change.</param>
/// <param name="Place">Where, in millionths of the input's length.</param>
/// <param name="Value">What is put there.</param>
/// <param name="Extent">How much of it.</param>
public sealed record Change(int Kind, int Place, int Value, int Extent);
