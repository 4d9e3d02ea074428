using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization.PreTokenizers;

/// <summary>A step that cuts a piece of normalized text into smaller ones, seeing that piece alone.</summary>
internal interface IPreTokenizer
{
    /// <summary>Cuts a piece that is not empty and adds what it gives.</summary>
    void Split(ReadOnlyMemory<AlignedCharacter> piece, List<ReadOnlyMemory<AlignedCharacter>> pieces);
}
