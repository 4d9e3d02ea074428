using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization.Normalizers;

/// <summary>A step that rewrites a piece of text before it is cut.</summary>
internal interface INormalizer
{
    /// <summary>Rewrites a piece that is not empty.</summary>
    ReadOnlyMemory<AlignedCharacter> Normalize(ReadOnlyMemory<AlignedCharacter> text);
}
