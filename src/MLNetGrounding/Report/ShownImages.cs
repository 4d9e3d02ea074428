using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding.Report;

/// <summary>
/// The images that a page shows: the first, and those that can be opened down to their heads, which are chosen while images come and go. No
/// more is held than may be shown at last.
/// </summary>
internal sealed class ShownImages
{
    private readonly GroundingReportOptions _options;
    private readonly HashSet<string> _names;
    private readonly int _best;
    private readonly int _worst;

    /// <summary>By the images' numbers, those with layers and those without.</summary>
    private readonly SortedDictionary<int, ReportImage> _images = [];

    /// <summary>The best, then the worst, of the images that are ranked; never more than both numbers together.</summary>
    private readonly List<(ImageRank Rank, int Image)> _ranked = [];

    public ShownImages(GroundingReportOptions options)
    {
        _options = options;
        _names = [.. options.DetailsOf];
        _best = (options.Details + 2) / 3;
        _worst = (options.Details - _best + 1) / 2;
    }

    /// <summary>Takes what is needed of an image.</summary>
    /// <param name="number">The image's number, larger than those before.</param>
    /// <param name="image">The image.</param>
    /// <param name="regions">The scores of its regions, by method and query.</param>
    /// <param name="equalAreaHits">Whether its maps hit at equal area, by method and query.</param>
    /// <param name="rank">How well the first method does on it; <see langword="null"/>: it is not scored.</param>
    public void Add(int number, GroundedImage image, RegionScore?[][] regions, bool?[][] equalAreaHits, ImageRank? rank)
    {
        if (_options.Images == 0)
        {
            return;
        }

        bool opened = image.Layers is not null && (IsFirst(number) || _names.Contains(image.Name));
        if (image.Layers is not null && rank is { } known)
        {
            opened |= Ranks(known, number);
        }

        if (number < _options.Images || opened)
        {
            _images[number] = ReportImage.Of(image, regions, equalAreaHits, _options, opened);
        }
    }

    /// <summary>The images in their order, each with why it can be opened down to its heads.</summary>
    public IReadOnlyList<ReportImage> Finish()
    {
        int best = Math.Min(_best, _ranked.Count);
        var reasons = new Dictionary<int, DetailReasons>();
        for (int index = 0; index < _ranked.Count; index++)
        {
            reasons[_ranked[index].Image] = index < best ? DetailReasons.Best : DetailReasons.Worst;
        }

        int first = _ranked.Count > 0 ? _options.Details - _best - _worst : _options.Details;
        List<ReportImage> shown = [];
        foreach ((int number, ReportImage image) in _images)
        {
            DetailReasons reason = reasons.GetValueOrDefault(number);
            if (image.Layers is not null)
            {
                reason |= number < first ? DetailReasons.First : DetailReasons.None;
                reason |= _names.Contains(image.Name) ? DetailReasons.Named : DetailReasons.None;
            }

            if (number < _options.Images || reason != DetailReasons.None)
            {
                shown.Add(image with { Layers = reason == DetailReasons.None ? null : image.Layers, Reasons = reason });
            }
        }

        return shown;
    }

    private bool IsFirst(int number) => number < _options.Details;

    /// <summary>Whether an image is among the best or the worst so far; takes the one that it displaces out.</summary>
    private bool Ranks(ImageRank rank, int number)
    {
        if (_best + _worst == 0)
        {
            return false;
        }

        // Of equal images the earlier one stands before the later one.
        int place = _ranked.FindIndex(each => each.Rank.CompareTo(rank) < 0);
        _ranked.Insert(place < 0 ? _ranked.Count : place, (rank, number));
        if (_ranked.Count <= _best + _worst)
        {
            return true;
        }

        int displaced = _ranked[_best].Image;
        _ranked.RemoveAt(_best);
        if (displaced != number)
        {
            Close(displaced);
        }

        return displaced != number;
    }

    private void Close(int number)
    {
        ReportImage image = _images[number];
        if (IsFirst(number) || _names.Contains(image.Name))
        {
            return;
        }

        if (number < _options.Images)
        {
            _images[number] = image with { Layers = null };
        }
        else
        {
            _images.Remove(number);
        }
    }
}
