using MLNetGrounding.Samples.Seeds;

namespace MLNetGrounding.Samples.Cars;

/// <summary>
/// The form of a car.
/// </summary>
/// <param name="Style">The form of its body.</param>
/// <param name="Tall">Whether its roof is high.</param>
/// <param name="Spokes">The spokes of its wheels.</param>
internal sealed record CarShape(CarStyle Style, bool Tall, int Spokes)
{
    public static CarShape Sample(SampleRandom random) => new((CarStyle)random.NextInt(4), random.Chance(0.4f), 3 + random.NextInt(4));
}
