namespace MLNetGrounding;

/// <summary>How far two scores order the methods alike.</summary>
/// <param name="Score">One score, turned so that more is better.</param>
/// <param name="With">The other, alike.</param>
/// <param name="Methods">The number of methods.</param>
/// <param name="Spearman">
/// Spearman's rank correlation of the methods' means, from -1 to 1, with the interval over resamplings of the images; with few methods it
/// is wide whatever the number of images.
/// </param>
public sealed record ScoreAgreement(string Score, string With, int Methods, Estimate Spearman);
