using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>
/// Keeps the pixels of images. Whether an image belongs to its source or to whoever reads it is not known (a loader makes new ones, a list
/// in memory hands out its own), so the source's images stay here, and getters make new ones, which belong to the consumer.
/// </summary>
internal sealed class ReadAheadImages(ValueGetter<MLImage> source, int rows) : ReadAheadColumn(rows)
{
    private readonly KeptImage?[] _images = new KeptImage?[rows];

    // Handed back with every call to the source, which disposes it or does not.
    private MLImage? _last;

    public override Delegate CreateGetter(Func<int?> present)
    {
        MLImage? own = null;
        return (ValueGetter<MLImage>)(
            (ref MLImage destination) =>
            {
                KeptImage? image = Present(present());
                if (ReferenceEquals(destination, own))
                {
                    own?.Dispose();
                }

                own = image?.ToImage();
                destination = own!;
            }
        );
    }

    protected override void KeepValue(int row) => _images[row] = Read();

    private KeptImage? Present(int? row)
    {
        if (row is not { } kept)
        {
            return Read();
        }

        ThrowIfFailed(kept);
        return _images[kept];
    }

    private KeptImage? Read()
    {
        source(ref _last!);
        return _last is null ? null : new KeptImage(_last);
    }

    private sealed class KeptImage(MLImage image)
    {
        private readonly int _width = image.Width;
        private readonly int _height = image.Height;
        private readonly MLPixelFormat _format = image.PixelFormat;
        private readonly byte[] _pixels = image.Pixels.ToArray();
        private readonly string _tag = image.Tag;

        public MLImage ToImage()
        {
            var copy = MLImage.CreateFromPixels(_width, _height, _format, _pixels);
            copy.Tag = _tag;
            return copy;
        }
    }
}
