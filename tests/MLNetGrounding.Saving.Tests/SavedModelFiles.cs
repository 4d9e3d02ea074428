using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Saving;

/// <summary>A folder with a saved model, its input, and what comes of them in another process.</summary>
internal sealed class SavedModelFiles : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public string Model => InFolder("model.zip");

    public string Input => InFolder("input.idv");

    public string Output => InFolder("output.idv");

    public string Again => InFolder("again.zip");

    public string InFolder(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Writes a file into the folder, and returns its path.</summary>
    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(InFolder(name), content);
        return InFolder(name);
    }

    public void Save(ITransformer model, IDataView input)
    {
        SaveRows(input, Input);
        _ml.Model.Save(model, input.Schema, Model);
    }

    /// <summary>Reads a view now, to be compared with later.</summary>
    public IDataView Keep(IDataView data)
    {
        string path = InFolder("kept.idv");
        SaveRows(data, path);
        return _ml.Data.LoadFromBinary(path);
    }

    /// <summary>
    /// Saves a model, loads it in another process, saves it there again and loads that in a third one: both give what the model gives here.
    /// </summary>
    public void AssertEqualElsewhere(ITransformer model, IDataView input, params string[] columns)
    {
        Save(model, input);
        Assert.AreEqual("", ReaderProcess.Run(Model, Input, Output, Again));
        IDataView expected = model.Transform(_ml.Data.LoadFromBinary(Input));
        AssertEqual(expected, Output, columns);
        Assert.AreEqual("", ReaderProcess.Run(Again, Input, InFolder("again.idv")));
        AssertEqual(expected, InFolder("again.idv"), columns);
    }

    /// <summary>Whether columns of a file are, bit by bit, those of a view, annotations that name queries included.</summary>
    public void AssertEqual(IDataView expected, string file, params string[] columns)
    {
        IDataView actual = _ml.Data.LoadFromBinary(file);
        foreach (string column in columns)
        {
            Assert.AreEqual(expected.Schema[column].Type, actual.Schema[column].Type, column);
            CollectionAssert.AreEqual(
                expected.Schema[column].GetQueryNames().ToArray(),
                actual.Schema[column].GetQueryNames().ToArray(),
                column
            );
            float[][] expectedRows = Vectors(expected, column);
            float[][] actualRows = Vectors(actual, column);
            Assert.HasCount(expectedRows.Length, actualRows);
            for (int row = 0; row < expectedRows.Length; row++)
            {
                CollectionAssert.AreEqual(expectedRows[row], actualRows[row], $"{column}, row {row}");
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    private static float[][] Vectors(IDataView data, string column) =>
        [.. data.GetColumn<VBuffer<float>>(column).Select(buffer => buffer.DenseValues().ToArray())];

    private void SaveRows(IDataView rows, string path)
    {
        using FileStream stream = File.Create(path);
        _ml.Data.SaveAsBinary(rows, stream);
    }
}
