namespace MLNetGrounding.Maths.Heads;

/// <summary>The separate places of one map.</summary>
/// <param name="Entropy">How the map's excess is scattered over them, in nats, at least 0; 0 where there is none.</param>
/// <param name="Components">How many there are.</param>
/// <param name="Excess">All that exceeds the mean, in components or not; 0 for a constant map.</param>
internal readonly record struct AttendedPlaces(double Entropy, int Components, double Excess);
