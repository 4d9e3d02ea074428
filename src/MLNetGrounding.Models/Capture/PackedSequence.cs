using MLNetGrounding.Models.Abstractions;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// All queries of an image as one sequence: prefix with the image, the coarse query's tokens, then the other queries' tokens side by side.
/// </summary>
/// <remarks>
/// The image stands before the question and attention is causal, so the prefix is the same for all queries and runs once.
/// Every query's tokens continue the prefix's positions. The coarse query follows the prefix directly, so both are one causal sequence.
/// </remarks>
internal sealed class PackedSequence
{
    // Bounds the mask and the score matrices, which grow with the square of the chunk.
    private const int ChunkTokens = 256;

    public PackedSequence(PreparedPrompt prompt, ImageSpan image, int axes)
    {
        PrefixTokens = [.. prompt.Prefix, .. image.Before];
        ImageStart = PrefixTokens.Count;
        Layout = image.Layout;
        VisualTokens = image.Ids.Count;
        PrefixLength = ImageStart + VisualTokens;

        int next = ImageStart + image.Advance;
        List<int>[] positions =
        [
            .. Enumerable.Range(0, axes).Select(axis => (List<int>)[.. Enumerable.Range(0, ImageStart), .. OfImage(image, axis)]),
        ];
        var suffixes = new PackedSuffix[prompt.Suffixes.Count];
        List<int> order = [.. Enumerable.Range(0, suffixes.Length).OrderBy(query => query == prompt.CoarseIndex ? 0 : 1)];
        foreach (int query in order)
        {
            PreparedSuffix suffix = prompt.Suffixes[query];
            suffixes[query] = new PackedSuffix(query, positions[0].Count, suffix.TokenIds.Count, suffix.RowSets);
            foreach (List<int> axis in positions)
            {
                axis.AddRange(Enumerable.Range(next, suffix.TokenIds.Count));
            }
        }

        Suffixes = suffixes;
        Positions = Array.ConvertAll(positions, axis => axis.ToArray());
        SuffixTokens = [.. order.SelectMany(query => prompt.Suffixes[query].TokenIds)];
        CausalLength = PrefixLength + (prompt.Coarse?.TokenIds.Count ?? 0);
        Chunks = [.. Chunk(order.Where(query => query != prompt.CoarseIndex).Select(query => suffixes[query]))];
        RowChunks = [.. Chunk(order.Select(query => suffixes[query]))];
    }

    /// <summary>The ids before the first visual token.</summary>
    public IReadOnlyList<int> PrefixTokens { get; }

    public int ImageStart { get; }

    /// <summary>What the visual tokens show.</summary>
    public VisualLayout Layout { get; }

    /// <summary>Number of tokens from the first visual token to the last.</summary>
    public int VisualTokens { get; }

    /// <summary>Text before the image and the image.</summary>
    public int PrefixLength { get; }

    /// <summary>The prefix and the coarse query's tokens.</summary>
    public int CausalLength { get; }

    /// <summary>Per axis, the position of every token in its query's sequence.</summary>
    public IReadOnlyList<int[]> Positions { get; }

    /// <summary>The ids of all tokens after the prefix, in packed order.</summary>
    public IReadOnlyList<int> SuffixTokens { get; }

    /// <summary>One per query, in the order of the queries.</summary>
    public IReadOnlyList<PackedSuffix> Suffixes { get; }

    /// <summary>The queries but for the coarse one, in groups that are attended together.</summary>
    public IReadOnlyList<PackedChunk> Chunks { get; }

    /// <summary>All queries, the coarse one among them, in groups whose rows are read together.</summary>
    public IReadOnlyList<PackedChunk> RowChunks { get; }

    private IEnumerable<int> OfImage(ImageSpan image, int axis) =>
        image.Offsets is { } offsets ? offsets[axis].Select(offset => ImageStart + offset) : Enumerable.Range(ImageStart, VisualTokens);

    private IEnumerable<PackedChunk> Chunk(IEnumerable<PackedSuffix> suffixes)
    {
        List<PackedSuffix> group = [];
        foreach (PackedSuffix suffix in suffixes)
        {
            if (group.Count > 0 && group.Sum(member => member.Length) + suffix.Length > ChunkTokens)
            {
                yield return new PackedChunk(group, PrefixLength);
                group = [];
            }

            group.Add(suffix);
        }

        if (group.Count > 0)
        {
            yield return new PackedChunk(group, PrefixLength);
        }
    }
}
