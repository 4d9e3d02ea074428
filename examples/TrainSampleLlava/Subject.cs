using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Cars;

namespace TrainSampleLlava;

/// <summary>A kind of thing that the model learns about.</summary>
/// <param name="Index">Its place in <see cref="All"/>.</param>
/// <param name="Word">The coarse word.</param>
/// <param name="Plural">The word in tables.</param>
/// <param name="PartNames">The words of its parts. All subjects have equally many.</param>
internal sealed record Subject(int Index, string Word, string Plural, IReadOnlyList<string> PartNames)
{
    public const int PartCount = 10;

    public static Subject Bird { get; } = new(0, "bird", "birds", BirdAnatomy.PartNames);

    public static Subject Car { get; } = new(1, "car", "cars", CarAnatomy.PartNames);

    /// <summary>In the order in which a batch holds them.</summary>
    public static IReadOnlyList<Subject> All { get; } = [Bird, Car];

    /// <summary>The words that are asked alone, in the order in which they are packed: parts, the whole, nothing, the background.</summary>
    public IReadOnlyList<string> Words { get; } = [.. PartNames, Word, SampleWords.Neutral, SampleWords.Background];

    /// <summary>The words that are asked about in a question, a prefix of <see cref="Words"/>: the parts and the whole.</summary>
    public IReadOnlyList<string> Questioned { get; } = [.. PartNames, Word];
}
