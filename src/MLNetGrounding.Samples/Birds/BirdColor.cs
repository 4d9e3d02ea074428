namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// The colors of parts: the eight of CUB's color words that are told apart best, each a plain word.
/// </summary>
internal enum BirdColor
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
