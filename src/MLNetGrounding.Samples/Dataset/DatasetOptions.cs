using MLNetGrounding.Samples.Drawing;
using MLNetGrounding.Samples.Seeds;

namespace MLNetGrounding.Samples.Dataset;

/// <summary>
/// What the options of drawn datasets have in common, checked.
/// </summary>
internal sealed class DatasetOptions
{
    private readonly SampleSeedRange _seeds;
    private readonly int _minimumSize;
    private readonly int _maximumSize;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; it is named as the public option is.</exception>
    public DatasetOptions(SampleSeedRange seeds, int? count, int minimumSize, int maximumSize, double difficulty)
    {
        _seeds = seeds;
        _minimumSize = minimumSize;
        _maximumSize = maximumSize;
        Count = count ?? seeds.DefaultCount;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Count, nameof(SampleBirdsOptions.Count));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Count, seeds.Count, nameof(SampleBirdsOptions.Count));
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumSize, 64, nameof(SampleBirdsOptions.MinimumSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumSize, minimumSize, nameof(SampleBirdsOptions.MaximumSize));
        ArgumentOutOfRangeException.ThrowIfNegative(difficulty, nameof(SampleBirdsOptions.Difficulty));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(difficulty, 1, nameof(SampleBirdsOptions.Difficulty));
        Difficulty = (float)difficulty;
    }

    public int Count { get; }

    public float Difficulty { get; }

    /// <summary>The full path of a folder that is absent or empty.</summary>
    /// <exception cref="IOException">The folder is not empty.</exception>
    public static string NewFolder(string directory, string what)
    {
        string root = Path.GetFullPath(directory);
        return Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any()
            ? throw new IOException($"The folder '{root}' is not empty. Name a new folder for the sample {what}, or empty this one.")
            : root;
    }

    /// <summary>The seed of an image, and its size.</summary>
    public (ulong Seed, int Width, int Height) Image(int index)
    {
        ulong seed = _seeds[index];
        var random = new SampleRandom(seed, SampleBirdRenderer.SizeStream);
        int sizes = _maximumSize - _minimumSize + 1;
        return (seed, _minimumSize + random.NextInt(sizes), _minimumSize + random.NextInt(sizes));
    }
}
