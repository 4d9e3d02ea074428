using MLNetGrounding.Samples.Seeds;

namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// The forms that, together with the colors, make a species.
/// </summary>
internal sealed record BirdShape(BeakShape Beak, TailShape Tail, BodyShape Body, bool Crested, bool LongTail)
{
    public static BirdShape Sample(SampleRandom random) =>
        new(
            (BeakShape)random.NextInt(4),
            (TailShape)random.NextInt(5),
            (BodyShape)random.NextInt(3),
            random.Chance(0.3f),
            random.Chance(0.5f)
        );
}
