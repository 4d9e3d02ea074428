namespace MLNetGrounding.Samples.Figures;

/// <summary>
/// The colors of parts: the eight of CUB's color words that are told apart best, each a plain word.
/// </summary>
internal enum PartColor
{
    Red,
    Orange,
    Yellow,
    Green,
    Blue,
    Purple,
    Black,
    White,
}
