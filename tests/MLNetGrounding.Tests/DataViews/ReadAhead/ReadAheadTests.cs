using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>Rows that are read while the model works are the rows that would have been read without.</summary>
[TestClass]
public sealed class ReadAheadTests
{
    private const int Count = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(20)]
    public void EveryColumnIdAndPositionIsTheSame(int readAhead)
    {
        using var pictures = new Pictures(Count, without: 4);
        List<string> expected = Describe(pictures, readAhead: 0, random: null);
        List<string> actual = Describe(pictures, readAhead, random: null);
        Assert.HasCount(Count, expected);
        CollectionAssert.AreEqual(expected, actual);
        CollectionAssert.AreEqual(Describe(pictures, 0, new Random(3)), Describe(pictures, readAhead, new Random(3)));
        CollectionAssert.AreNotEqual(expected, Describe(pictures, readAhead, new Random(3)));
    }

    [TestMethod]
    public void TheNextRowsAreReadOnAnotherThreadWhileTheModelWorks()
    {
        using var pictures = new Pictures(Count);
        int here = Environment.CurrentManagedThreadId;
        var observer = new HeldObserver(picture =>
        {
            Assert.AreEqual(here, Environment.CurrentManagedThreadId, "the model works on the consumer's thread");
            if (picture == 0)
            {
                Assert.IsTrue(SpinWait.SpinUntil(() => pictures.ImagesRead.Count == 3, Patience), "two more images are read meanwhile");
            }
        });
        IDataView data = TinyExtraction.Extract(_ml, pictures.View, TinyExtraction.Options(2, observer));
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["FineAttention"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(data.Schema["FineAttention"]);
        VBuffer<float> maps = default;
        Assert.IsTrue(cursor.MoveNext());
        getter(ref maps);
        Assert.AreEqual(0, cursor.Position);
        Assert.AreEqual(1, observer.Pictures);
        Assert.IsTrue(pictures.Threads.Any(thread => thread != here));
    }

    [TestMethod]
    public void NothingIsReadAheadForRowsThatTheModelDoesNotRunOn()
    {
        using var pictures = new Pictures(Count);
        var observer = new HeldObserver();
        IDataView data = TinyExtraction.Extract(_ml, pictures.View, TinyExtraction.Options(3, observer));
        _ = data.GetColumn<string>("Name").ToArray();
        Assert.IsEmpty(pictures.ImagesRead);

        using (DataViewRowCursor cursor = data.GetRowCursor(data.Schema))
        {
            ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(data.Schema["FineAttention"]);
            while (cursor.MoveNext()) { }
        }

        Assert.IsEmpty(pictures.ImagesRead, "active and even opened, but never read");
        _ = data.Vectors("Geometry");
        Assert.HasCount(Count, pictures.ImagesRead, "the geometry alone reads each image once");
        Assert.AreEqual(0, observer.Pictures);
        Assert.HasCount(1, pictures.Threads, "and on the consumer's thread");
        Assert.AreEqual(1, _ml.Data.SkipRows(data, Count - 1).Vectors("FineAttention").Length);
        Assert.HasCount(Count + 1, pictures.ImagesRead, "rows that are skipped are not read");
        Assert.AreEqual(1, observer.Pictures);
    }

    [TestMethod]
    public void EachImageIsReadOnce()
    {
        using var pictures = new Pictures(Count);
        IDataView data = TinyExtraction.Extract(_ml, pictures.View, TinyExtraction.Options(2));
        Assert.HasCount(Count, data.Vectors("FineAttention"));
        CollectionAssert.AreEqual(Enumerable.Range(0, Count).ToArray(), pictures.ImagesRead.ToArray());
    }

    [TestMethod]
    public void GettersMayBeMadeAtAnyRow()
    {
        using var pictures = new Pictures(Count);
        IDataView data = TinyExtraction.Extract(_ml, pictures.View, TinyExtraction.Options(2));
        float[][] expected = TinyExtraction.Extract(_ml, pictures.View, TinyExtraction.Options(0)).Vectors("CoarseAttention");
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        ValueGetter<VBuffer<float>> getFine = cursor.GetGetter<VBuffer<float>>(data.Schema["FineAttention"]);
        VBuffer<float> vector = default;
        ReadOnlyMemory<char> name = default;
        for (int row = 0; row < Count; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            getFine(ref vector);
            cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Name"])(ref name);
            Assert.AreEqual($"picture {row}", name.ToString());
            cursor.GetGetter<VBuffer<float>>(data.Schema["CoarseAttention"])(ref vector);
            CollectionAssert.AreEqual(expected[row], vector.DenseValues().ToArray());
        }

        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
    }

    [TestMethod]
    public void AnImageThatCannotBeReadFailsAtItsRowAndOnlyThere()
    {
        using var pictures = new Pictures(Count) { UnreadableImage = 5 };
        IDataView data = TinyExtraction.Extract(_ml, pictures.View, TinyExtraction.Options(2));
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["FineAttention"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(data.Schema["FineAttention"]);
        VBuffer<float> maps = default;
        for (int row = 0; row < Count; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            if (row == 5)
            {
                InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => getter(ref maps));
                Assert.AreEqual("no image 5", error.Message);
            }
            else
            {
                getter(ref maps);
            }
        }

        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void ARowThatCannotBeMovedToFailsThere()
    {
        using var pictures = new Pictures(Count) { UnreachableRow = 4 };
        IDataView data = TinyExtraction.Extract(_ml, pictures.View, TinyExtraction.Options(3));
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["FineAttention"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(data.Schema["FineAttention"]);
        VBuffer<float> maps = default;
        for (int row = 0; row < 4; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            getter(ref maps);
            Assert.AreEqual(row, cursor.Position);
        }

        Assert.ThrowsExactly<IOException>(() => cursor.MoveNext());
    }

    [TestMethod]
    public void AColumnThatCannotBeReadFailsWhereItIsReadOnly()
    {
        using var pictures = new Pictures(Count) { NumbersAreUnreadable = true };
        IDataView data = TinyExtraction.Extract(_ml, pictures.View, TinyExtraction.Options(2));
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        ValueGetter<VBuffer<float>> getFine = cursor.GetGetter<VBuffer<float>>(data.Schema["FineAttention"]);
        ValueGetter<VBuffer<float>> getNumbers = cursor.GetGetter<VBuffer<float>>(data.Schema["Numbers"]);
        VBuffer<float> vector = default;
        while (cursor.MoveNext())
        {
            getFine(ref vector);
            Assert.ThrowsExactly<InvalidDataException>(() => getNumbers(ref vector));
        }
    }

    [TestMethod]
    public void ACursorThatIsDisposedHalfReadReadsNoMore()
    {
        using var pictures = new Pictures(50);
        IDataView data = TinyExtraction.Extract(_ml, pictures.View, TinyExtraction.Options(3));
        DataViewRowCursor cursor = data.GetRowCursor([data.Schema["FineAttention"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(data.Schema["FineAttention"]);
        VBuffer<float> maps = default;
        cursor.MoveNext();
        getter(ref maps);
        cursor.Dispose();
        cursor.Dispose();
        int moves = pictures.View.Moves;
        Assert.IsLessThanOrEqualTo(4, moves);
        Assert.AreEqual(1, pictures.View.Disposals, "the source is disposed once");
        Thread.Sleep(50);
        Assert.AreEqual(moves, pictures.View.Moves);
    }

    [TestMethod]
    public void ACursorThatIsDisposedWhileItReadsReadsNoMoreThanThatRow()
    {
        using var reading = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var pictures = new Pictures(50)
        {
            BeforeImage = id =>
            {
                if (id == 2)
                {
                    reading.Set();
                    Assert.IsTrue(release.Wait(Patience));
                }
            },
        };
        IDataView data = TinyExtraction.Extract(_ml, pictures.View, TinyExtraction.Options(40));
        DataViewRowCursor cursor = data.GetRowCursor([data.Schema["FineAttention"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(data.Schema["FineAttention"]);
        VBuffer<float> maps = default;
        cursor.MoveNext();
        getter(ref maps);
        Assert.IsTrue(reading.Wait(Patience));
        var disposing = new Thread(cursor.Dispose);
        disposing.Start();
        Assert.IsTrue(
            SpinWait.SpinUntil(() => disposing.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Patience),
            "it waits for the row in hand"
        );
        release.Set();
        Assert.IsTrue(disposing.Join(Patience));
        CollectionAssert.AreEqual((int[])[0, 1, 2], pictures.ImagesRead.ToArray());
        Assert.AreEqual(3, pictures.View.Moves);
        Assert.AreEqual(1, pictures.View.Disposals);
    }

    [TestMethod]
    public void CancellationStopsTheReading()
    {
        using var pictures = new Pictures(50);
        using var source = new CancellationTokenSource();
        AttentionExtractorOptions options = TinyExtraction.Options(
            2,
            new HeldObserver(picture =>
            {
                if (picture == 3)
                {
                    source.Cancel();
                }
            })
        );
        options.CancellationToken = source.Token;
        IDataView data = TinyExtraction.Extract(_ml, pictures.View, options);
        AssertCanceled(() => data.Vectors("FineAttention"));
        Assert.IsLessThanOrEqualTo(7, pictures.View.Moves);
        Assert.AreEqual(1, pictures.View.Disposals);
    }

    [TestMethod]
    public void ACanceledContextStopsTheReading()
    {
        using var pictures = new Pictures(50);
        var ml = new MLContext();
        var observer = new HeldObserver(picture =>
        {
            if (picture == 2)
            {
                CatalogEnvironmentCancel(ml);
            }
        });
        IDataView data = TinyExtraction.Extract(ml, pictures.View, TinyExtraction.Options(2, observer));
        AssertCanceled(() => data.Vectors("FineAttention"));
        Assert.AreEqual(3, observer.Pictures);
        Assert.IsLessThanOrEqualTo(6, pictures.View.Moves);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void ImagesOfTheSourceStayTheSources(int readAhead)
    {
        using var pictures = new Pictures(Count, without: 2);
        IDataView data = TinyExtraction.Extract(_ml, pictures.View, TinyExtraction.Options(readAhead));
        for (int turn = 0; turn < 2; turn++)
        {
            using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Image"], data.Schema["FineAttention"]]);
            ValueGetter<MLImage> getImage = cursor.GetGetter<MLImage>(data.Schema["Image"]);
            ValueGetter<VBuffer<float>> getFine = cursor.GetGetter<VBuffer<float>>(data.Schema["FineAttention"]);
            MLImage? image = null;
            VBuffer<float> maps = default;
            foreach (Picture row in pictures.Rows)
            {
                Assert.IsTrue(cursor.MoveNext());
                if (row.IsEven)
                {
                    getFine(ref maps);
                }

                getImage(ref image!);
                if (row.Image is null)
                {
                    Assert.IsNull(image);
                    continue;
                }

                Assert.AreEqual(row.Image.Tag, image.Tag);
                Assert.AreEqual((row.Image.Width, row.Image.Height, row.Image.PixelFormat), (image.Width, image.Height, image.PixelFormat));
                Assert.IsTrue(row.Image.Pixels.SequenceEqual(image.Pixels));
            }
        }

        foreach (MLImage image in pictures.Rows.Select(row => row.Image).OfType<MLImage>())
        {
            Assert.IsGreaterThan(0, image.Pixels.Length, "the list's own images are not disposed");
        }
    }

    [TestMethod]
    public void ANegativeNumberOfRowsIsRefused()
    {
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.ExtractAttention(TinyExtraction.Options(-1))
        );
        StringAssert.Contains(error.Message, nameof(AttentionExtractorOptions.ReadAhead));
        Assert.AreEqual(2, new AttentionExtractorOptions().ReadAhead);
    }

    /// <summary>Everything that a cursor says of every row, read in another order from row to row.</summary>
    private List<string> Describe(Pictures pictures, int readAhead, Random? random)
    {
        IDataView data = TinyExtraction.Ground(_ml, pictures.View, readAhead);
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema, random);
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        List<Func<string>> readers =
        [
            Reader<int>(cursor, "Id", value => $"{value}"),
            Reader<ReadOnlyMemory<char>>(cursor, "Name", value => $"{value}"),
            Reader<bool>(cursor, "IsEven", value => $"{value}"),
            Reader<VBuffer<float>>(cursor, "Numbers", Text),
            Reader<MLImage>(cursor, "Image", value => value is null ? "none" : $"{value.Width} {value.Height} {value.Tag}"),
            Reader<VBuffer<float>>(cursor, "Geometry", Text),
            Reader<VBuffer<float>>(cursor, "FineAttention", Text),
            Reader<VBuffer<float>>(cursor, "CoarseFlow", Text),
            Reader<VBuffer<float>>(cursor, "GroundingMaps", Text),
        ];
        var rows = new List<string>();
        while (cursor.MoveNext())
        {
            string[] texts = new string[readers.Count];
            for (int turn = 0; turn < readers.Count; turn++)
            {
                int reader = (turn + rows.Count) % readers.Count;
                texts[reader] = readers[reader]();
            }

            DataViewRowId id = default;
            getId(ref id);
            rows.Add($"{cursor.Position} {cursor.Batch} {id}: {string.Join("; ", texts)}");
        }

        return rows;
    }

    private static Func<string> Reader<T>(DataViewRowCursor cursor, string name, Func<T, string> describe)
    {
        ValueGetter<T> getter = cursor.GetGetter<T>(cursor.Schema[name]);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return describe(value);
        };
    }

    private static string Text(VBuffer<float> vector) =>
        string.Join(' ', vector.DenseValues().Take(200).Select(value => BitConverter.SingleToUInt32Bits(value).ToString("x8")));

    private static void CatalogEnvironmentCancel(MLContext context) =>
        typeof(MLContext)
            .GetMethod("CancelExecution", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .Invoke(context, null);

    private static void AssertCanceled(Action action)
    {
        try
        {
            action();
            Assert.Fail("The run went on.");
        }
        catch (OperationCanceledException) { }
    }
}
