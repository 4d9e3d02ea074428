using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Saving;

/// <summary>The schema that a saved model carries, which ML.NET's own reader believes.</summary>
[TestClass]
public sealed class SavedSchemaTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly SavedModelFiles _files = new();

    public void Dispose() => _files.Dispose();

    [TestMethod]
    public void ASchemaOfEveryTypeAndItsAnnotationsComesBack()
    {
        IDataView rows = SaveEveryType();

        _ml.Model.LoadGrounding(_files.Model, out DataViewSchema? schema);

        string[] columns = [.. rows.Schema.Select(column => column.Name)];
        CollectionAssert.AreEqual(columns, schema!.Select(column => column.Name).ToArray());
        foreach (string column in columns)
        {
            Assert.AreEqual(rows.Schema[column].Type, schema![column].Type, column);
            CollectionAssert.AreEqual(
                rows.Schema[column].Annotations.Schema.Select(annotation => annotation.Name).ToArray(),
                schema[column].Annotations.Schema.Select(annotation => annotation.Name).ToArray(),
                column
            );
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        schema!["Hot"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(new[] { "jay", "wren" }, names.DenseValues().Select(name => name.ToString()).Order().ToArray());
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public void ADamagedSchemaIsRefusedWithinASecond()
    {
        string path = TestData.Require("cases/damaged-schema.zip");
        _ = Assert.ThrowsExactly<SavedModelException>(() =>
            _ml.Model.LoadGrounding(_files.Write("warm-up.zip", File.ReadAllBytes(path)[..1000]), out _)
        );
        long start = Stopwatch.GetTimestamp();

        SavedModelException error = Assert.ThrowsExactly<SavedModelException>(() => _ml.Model.LoadGrounding(path, out _));

        Assert.IsLessThan(1, Stopwatch.GetElapsedTime(start).TotalSeconds);
        StringAssert.Contains(error.Message, "'Schema'");
    }

    /// <summary>Behind a check sum that is right, as somebody would write it who means harm.</summary>
    [TestMethod]
    public void NoByteOfASchemaMakesLoadingHangOrTakeMemory()
    {
        SaveEveryType();
        Dictionary<string, byte[]> entries = ModelZip.Read(_files.Model);
        byte[] whole = entries["Schema"];
        int refused = 0;
        for (int position = 0; position < whole.Length; position += position is > 64 and < 256 ? 64 : 3)
        {
            foreach (byte value in (ReadOnlySpan<byte>)[0x00, 0x7f, 0xff])
            {
                entries["Schema"] = [.. whole];
                entries["Schema"][position] = value;
                ModelZip.Write(_files.Model, entries);
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    _ml.Model.LoadGrounding(_files.Model, out _);
                }
                catch (SavedModelException)
                {
                    refused++;
                }

                Assert.IsLessThan(256L << 20, GC.GetAllocatedBytesForCurrentThread() - allocated, $"byte {position} as {value}");
            }
        }

        Assert.IsGreaterThan(whole.Length / 10, refused);
    }

    [TestMethod]
    [DataRow(48, -1)]
    [DataRow(48, int.MaxValue)]
    [DataRow(24, int.MaxValue)]
    [DataRow(32, int.MaxValue)]
    [DataRow(40, 1)]
    public void AHeaderThatCannotBeIsRefused(int offset, int value)
    {
        SaveEveryType();
        Dictionary<string, byte[]> entries = ModelZip.Read(_files.Model);
        BinaryPrimitives.WriteInt32LittleEndian(entries["Schema"].AsSpan(offset), value);
        ModelZip.Write(_files.Model, entries);

        StringAssert.Contains(
            Assert.ThrowsExactly<SavedModelException>(() => _ml.Model.LoadGrounding(_files.Model, out _)).Message,
            "'Schema'"
        );
    }

    /// <summary>Saves a model whose input has columns of every type that a schema can hold, with annotations.</summary>
    private IDataView SaveEveryType()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable([new EveryType { Species = "wren" }, new EveryType { Species = "jay" }]);
        EstimatorChain<ValueToKeyMappingTransformer> keys = _ml
            .Transforms.Conversion.MapValueToKey("Key", nameof(EveryType.Species))
            .Append(_ml.Transforms.Categorical.OneHotEncoding("Hot", nameof(EveryType.Species)))
            .Append(_ml.Transforms.Text.TokenizeIntoWords("Words", nameof(EveryType.Species)))
            .Append(_ml.Transforms.Conversion.MapValueToKey("WordKeys", "Words"));
        IDataView input = keys.Fit(rows).Transform(rows);
        _ml.Model.Save(_ml.Transforms.CopyColumns("Copy", nameof(EveryType.Number)).Fit(input), input.Schema, _files.Model);
        return input;
    }

    private sealed class EveryType
    {
        public string Species { get; set; } = "";

        public bool Flag { get; set; }

        public sbyte Small { get; set; }

        public byte Byte { get; set; }

        public short Short { get; set; }

        public ushort UnsignedShort { get; set; }

        public int Number { get; set; }

        public uint Unsigned { get; set; }

        public long Long { get; set; }

        public ulong UnsignedLong { get; set; }

        public double Real { get; set; }

        public TimeSpan Span { get; set; }

        public DateTime Time { get; set; }

        public DateTimeOffset Offset { get; set; }

        public float[] Any { get; set; } = [1];

        [VectorType(2, 3)]
        public float[] Matrix { get; set; } = new float[6];

        [VectorType(2)]
        public bool[] Flags { get; set; } = new bool[2];

        [VectorType(2)]
        public string[] Texts { get; set; } = ["", ""];
    }
}
