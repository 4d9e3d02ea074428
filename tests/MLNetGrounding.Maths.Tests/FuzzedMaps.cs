namespace MLNetGrounding.Maths;

/// <summary>Maps and options of every kind that may go wrong: noise, blobs, few different values, constants, zeros, extremes.</summary>
internal static class FuzzedMaps
{
    public static void Fill(Random random, Span<float> map, int width)
    {
        int kind = random.Next(9);
        double sharpness = Math.Exp(random.NextDouble() * 6 - 2);
        float scale = Value(random);
        (double row, double column, double radius) = (
            random.NextDouble() * map.Length / width,
            random.NextDouble() * width,
            1 + 6 * random.NextDouble()
        );
        for (int cell = 0; cell < map.Length; cell++)
        {
            double noise = Math.Pow(random.NextDouble(), sharpness);
            double distance = Math.Pow(cell / width - row, 2) + Math.Pow(cell % width - column, 2);
            double blob = Math.Exp(-distance / (radius * radius));
            map[cell] = kind switch
            {
                0 or 1 => (float)noise,
                2 => (float)(blob + 0.03 * noise),
                3 => (float)blob * (random.Next(3) == 0 ? 0 : 1),
                4 => random.Next(3),
                5 => random.Next(6) == 0 ? scale : 0,
                6 => scale,
                7 => Value(random),
                _ => (float)(scale * (1 + 1e-6 * noise)),
            };
        }
        if (random.Next(20) == 0)
        {
            map.Clear();
        }
        if (random.Next(20) == 0)
        {
            map.Clear();
            map[random.Next(map.Length)] = scale;
        }
    }

    /// <summary>A number of at least 0, of any size that attention may have and beyond.</summary>
    public static float Value(Random random) => random.Next(5) == 0 ? 0 : (float)Math.Pow(10, random.NextDouble() * 50 - 40);

    public static HeadSelectionOptions Options(Random random) =>
        random.Next(3) == 0
            ? new()
            : new()
            {
                EntropyThreshold = Any<double>(random, 0, 0.5, 0.8, 0.95, 1),
                EntropyDirection = Any(random, Enum.GetValues<EntropyDirection>()),
                ActiveThreshold = Any(random, 0, 0.05, 0.25, 0.5, 1),
                ActiveScaling = Any(random, Enum.GetValues<ActiveScaling>()),
                CompactnessThreshold = Any(random, 0, 0.1, 0.5, 1),
                Connectivity = Any(random, Enum.GetValues<Connectivity>()),
                KeptArea = Any(random, Enum.GetValues<KeptArea>()),
                HeadAggregation = Any(random, Enum.GetValues<HeadAggregation>()),
                TopHeads = random.Next(1, 4),
                HeadScaling = Any(random, Enum.GetValues<HeadScaling>()),
                EmptyLayer = Any(random, Enum.GetValues<EmptyLayer>()),
            };

    private static T Any<T>(Random random, params T[] values) => values[random.Next(values.Length)];
}
