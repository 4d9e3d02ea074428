using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Dataset;
using MLNetGrounding.Samples.Drawing;

namespace MLNetGrounding;

/// <summary>
/// Writes datasets of drawn birds in the layout of CUB-200-2011.
/// </summary>
/// <remarks>
/// Each seed draws one bird, and the same seed and options give the same decoded pixels. The ten parts beak, belly, breast, head,
/// wing, eye, tail, throat, back and leg have colors of CUB's vocabulary; species differ in them, some in a single one.
/// </remarks>
public static class SampleBirds
{
    /// <summary>
    /// Writes a dataset.
    /// </summary>
    /// <param name="directory">The folder to write to, which takes the place of <c>CUB_200_2011</c>. It must be absent or empty.</param>
    /// <param name="options">The options, or <see langword="null"/> for the defaults.</param>
    /// <returns>The full path of the folder.</returns>
    /// <exception cref="ArgumentException"><paramref name="directory"/> is <see langword="null"/> or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="IOException"><paramref name="directory"/> is not empty, or a file cannot be written.</exception>
    public static string Write(string directory, SampleBirdsOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= new SampleBirdsOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.TrainFraction, nameof(options.TrainFraction));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.TrainFraction, 1, nameof(options.TrainFraction));
        var dataset = new DatasetOptions(options.Seeds, options.Count, options.MinimumSize, options.MaximumSize, options.Difficulty);
        string root = DatasetOptions.NewFolder(directory, "birds");
        bool bySpecies = options.Coloring == SampleColoring.Species;
        string[] classes = bySpecies
            ? [.. SpeciesTable.All.Select(species => $"{species.Index + 1:000}.{species.Name}")]
            : ["001.Motley_Bird"];
        using var renderer = new SampleBirdRenderer();
        using var writer = new CubLayoutWriter(root, classes);
        for (int classIndex = 0; classIndex < classes.Length; classIndex++)
        {
            double trained = 0;
            for (int index = classIndex; index < dataset.Count; index += classes.Length)
            {
                // Whole steps of the accumulated share spread the training images evenly over each class.
                double before = trained;
                trained += options.TrainFraction;
                bool isTraining = Math.Floor(trained + 1e-9) > Math.Floor(before + 1e-9);
                BirdSpecies? species = bySpecies ? SpeciesTable.All[classIndex] : null;
                SampleBird bird = Render(renderer, dataset, index, species);
                writer.Add(bird, classIndex, $"sample_{index:000000}", isTraining);
            }
        }

        writer.Complete();
        return root;
    }

    private static SampleBird Render(SampleBirdRenderer renderer, DatasetOptions dataset, int index, BirdSpecies? species)
    {
        (ulong seed, int width, int height) = dataset.Image(index);
        return renderer.Render(
            seed,
            new SampleBirdOptions
            {
                Width = width,
                Height = height,
                Difficulty = dataset.Difficulty,
                Species = species,
            }
        );
    }
}
