namespace MLNetGrounding;

/// <summary>One attention head of a model, and how often it was selected where heads were learned from rows.</summary>
/// <param name="Layer">The layer, from 0.</param>
/// <param name="Head">The head within its layer, from 0.</param>
/// <param name="Frequency">The share of samples in which the head was selected, between 0 and 1; a sample is one query of one row.
/// Default 1.</param>
public readonly record struct AttentionHead(int Layer, int Head, double Frequency = 1);
