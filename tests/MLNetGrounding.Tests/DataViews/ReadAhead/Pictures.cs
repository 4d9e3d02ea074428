using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.Data;

namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>A view of drawn pictures in memory that watches how it is read.</summary>
internal sealed class Pictures : IDisposable
{
    private readonly ConcurrentQueue<int> _imagesRead = new();
    private readonly ConcurrentDictionary<int, byte> _threads = new();
    private int _users;

    public Pictures(int count, params int[] without)
    {
        Rows = [.. Enumerable.Range(0, count).Select(id => new Picture { Id = id, Image = without.Contains(id) ? null : Draw(id) })];
        View = new WatchedView(
            new ListView<Picture>(
                Rows,
                [
                    ListColumn<Picture>.Scalar("Id", NumberDataViewType.Int32, row => row.Id),
                    ListColumn<Picture>.Text("Name", row => row.Name),
                    ListColumn<Picture>.Scalar("IsEven", BooleanDataViewType.Instance, row => row.IsEven),
                    ListColumn<Picture>.Vector("Numbers", [2], row => Watch("Numbers", () => row.Numbers)),
                    new(
                        new("Image", new ImageDataViewType()),
                        row => (ValueGetter<MLImage>)((ref MLImage image) => image = Watch("Image", () => ReadImage(row()))!)
                    ),
                ]
            ),
            this
        );
    }

    public IReadOnlyList<Picture> Rows { get; }

    public WatchedView View { get; }

    /// <summary>The ids of the rows whose image was read, in order.</summary>
    public IReadOnlyList<int> ImagesRead => [.. _imagesRead];

    /// <summary>The threads that the view was read on.</summary>
    public IReadOnlyCollection<int> Threads => [.. _threads.Keys];

    /// <summary>The row whose image cannot be read, and the one that cannot be moved to.</summary>
    public int? UnreadableImage { get; init; }

    public int? UnreachableRow { get; init; }

    /// <summary>Is called before the image of a row is handed out, with the row's id.</summary>
    public Action<int>? BeforeImage { get; init; }

    /// <summary>The vector of this row cannot be read.</summary>
    public bool NumbersAreUnreadable { get; init; }

    /// <summary>Several cursors are read at once. Else two threads at once are an error.</summary>
    public bool AllowsSeveralThreads { get; init; }

    /// <summary>Runs one access to the view.</summary>
    public T Watch<T>(string what, Func<T> access)
    {
        _threads.TryAdd(Environment.CurrentManagedThreadId, 0);
        if (Interlocked.Increment(ref _users) != 1 && !AllowsSeveralThreads)
        {
            throw new InvalidOperationException("The view is used by two threads at once.");
        }

        try
        {
            return what == "Numbers" && NumbersAreUnreadable ? throw new InvalidDataException("no numbers") : access();
        }
        finally
        {
            Interlocked.Decrement(ref _users);
        }
    }

    public void Dispose()
    {
        foreach (Picture row in Rows)
        {
            row.Image?.Dispose();
        }
    }

    private MLImage? ReadImage(Picture row)
    {
        _imagesRead.Enqueue(row.Id);
        BeforeImage?.Invoke(row.Id);
        return row.Id == UnreadableImage ? throw new InvalidDataException($"no image {row.Id}") : row.Image;
    }

    /// <summary>Blocks of colors that differ from row to row, in sizes that do too.</summary>
    private static MLImage Draw(int id)
    {
        var random = new Random(id);
        (int width, int height) = (40 + (id % 5), 30 + (id % 3));
        byte[] pixels = new byte[width * height * 4];
        random.NextBytes(pixels);
        for (int alpha = 3; alpha < pixels.Length; alpha += 4)
        {
            pixels[alpha] = 255;
        }

        var image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
        image.Tag = $"tag {id}";
        return image;
    }
}
