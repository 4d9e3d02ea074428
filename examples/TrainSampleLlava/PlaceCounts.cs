namespace TrainSampleLlava;

/// <summary>Of one word's answers, how many are right and look at the right place.</summary>
internal sealed class PlaceCounts
{
    /// <summary>Visible parts that were asked about.</summary>
    public int Asked => RightRight + RightWrong + WrongRight + WrongWrong;

    /// <summary>Answer right, place right.</summary>
    public int RightRight { get; private set; }

    /// <summary>Answer right, place wrong.</summary>
    public int RightWrong { get; private set; }

    /// <summary>Answer wrong, place right.</summary>
    public int WrongRight { get; private set; }

    /// <summary>Answer wrong, place wrong.</summary>
    public int WrongWrong { get; private set; }

    /// <summary>How often the word's own map, within the question, is at the right place.</summary>
    public int WordPlaces { get; private set; }

    /// <summary>How often the map of another part's answer is.</summary>
    public int SwappedPlaces { get; private set; }

    public int RightAnswers => RightRight + RightWrong;

    public int RightPlaces => RightRight + WrongRight;

    public void Add(bool answer, bool place, bool wordPlace, bool swappedPlace)
    {
        switch (answer, place)
        {
            case (true, true):
                RightRight++;
                break;
            case (true, false):
                RightWrong++;
                break;
            case (false, true):
                WrongRight++;
                break;
            default:
                WrongWrong++;
                break;
        }

        WordPlaces += wordPlace ? 1 : 0;
        SwappedPlaces += swappedPlace ? 1 : 0;
    }

    public void Add(PlaceCounts other)
    {
        RightRight += other.RightRight;
        RightWrong += other.RightWrong;
        WrongRight += other.WrongRight;
        WrongWrong += other.WrongWrong;
        WordPlaces += other.WordPlaces;
        SwappedPlaces += other.SwappedPlaces;
    }
}
