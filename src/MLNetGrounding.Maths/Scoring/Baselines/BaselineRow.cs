namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>What a baseline may use besides the annotations.</summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Image">The image's name: with the seed it fixes what is drawn, whatever images came before.</param>
/// <param name="ReferenceArea">The share of the frame that the reference method's region has for this query; NaN where there is
/// none.</param>
internal readonly record struct BaselineRow(ulong Seed, string Image, double ReferenceArea);
