using MLNetGrounding.Samples.Checkpoints;

namespace MLNetGrounding;

/// <summary>
/// Writes a small LLaVA with seeded random weights. Where it looks means nothing; it shows that everything around a model works, at
/// LLaVA 1.5's grid of 24 x 24 cells.
/// </summary>
public static class RandomLlava
{
    private const string MarkFileName = "random-weights.txt";

    /// <summary>
    /// Writes the checkpoint folder: configuration, weights, tokenizer and preprocessor settings. A checkpoint that is there is replaced.
    /// </summary>
    /// <param name="directory">The folder; it is made where it does not exist.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    /// <param name="layers">Decoder layers. Default 8.</param>
    /// <param name="heads">Attention heads per decoder layer. Default 8.</param>
    /// <param name="grid">Cells per side. Default 24, as LLaVA 1.5's.</param>
    /// <returns>The folder's full path.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public static string Write(string directory, int seed = 1, int layers = 8, int heads = 8, int grid = 24)
    {
        const int patchSize = 14;
        const int headSize = 16;
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(grid);
        string path = Path.GetFullPath(directory);
        RandomCheckpoint.Write(
            path,
            new LlavaShape
            {
                TextLayers = layers,
                TextHeads = heads,
                TextKeyValueHeads = heads,
                TextHeadSize = headSize,
                TextHiddenSize = heads * headSize,
                TextIntermediateSize = 2 * heads * headSize,
                VocabularySize = 320,
                ImageTokenId = 319,
                ImageSize = grid * patchSize,
                PatchSize = patchSize,
                VisionHiddenSize = 64,
                VisionIntermediateSize = 128,
                VisionLayers = 3,
                VisionHeads = 4,
            },
            seed
        );
        File.WriteAllText(Path.Combine(path, MarkFileName), $"Random weights of seed {seed}: where this model looks means nothing.\n");
        return path;
    }

    /// <summary>Whether a checkpoint folder was written by <see cref="Write"/>.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    public static bool IsRandom(string directory) => File.Exists(Path.Combine(directory, MarkFileName));
}
