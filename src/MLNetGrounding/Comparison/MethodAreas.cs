namespace MLNetGrounding;

/// <summary>How large one method's regions are.</summary>
/// <param name="Name">The method.</param>
/// <param name="Words">Word by word, in the order of the queries.</param>
/// <param name="Mean">The mean over the words, each counting the same; its count is the sum.</param>
public sealed record MethodAreas(string Name, IReadOnlyList<WordAreas> Words, WordAreas Mean);
