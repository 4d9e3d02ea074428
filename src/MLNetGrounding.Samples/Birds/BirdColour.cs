namespace MLNetGrounding.Samples;

/// <summary>
/// The colours of parts: the eight of CUB's colour words that are told apart best, each a plain word.
/// </summary>
internal enum BirdColour
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
