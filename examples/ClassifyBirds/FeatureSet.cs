namespace ClassifyBirds;

/// <summary>One way to turn an image into a feature vector: patch features pooled by these maps.</summary>
/// <param name="Key">The letter of the row of the table.</param>
/// <param name="Name">What the features are.</param>
/// <param name="Queries">What each map is about; slots are named after it.</param>
/// <param name="TrainMaps">The maps of a row where it is trained on, <c>[queries, gridHeight, gridWidth]</c>.</param>
/// <param name="TestMaps">The maps of a row where it is tested on.</param>
internal sealed record FeatureSet(
    string Key,
    string Name,
    IReadOnlyList<string> Queries,
    Func<int, float[]> TrainMaps,
    Func<int, float[]> TestMaps
);
