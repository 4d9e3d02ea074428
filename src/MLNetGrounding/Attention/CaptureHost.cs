using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;
using MLNetGrounding.MlNet;
using MLNetGrounding.Models.Capture;

namespace MLNetGrounding.Attention;

/// <summary>What a transformer that runs the model shares with all its maps and mappers.</summary>
/// <param name="host">The transformer's host.</param>
/// <param name="component">The transformer's name, for messages.</param>
/// <param name="options">The transformer's options.</param>
/// <param name="model">The model, which is this object's to dispose.</param>
/// <param name="prompt">All that may be asked of a row.</param>
internal sealed class CaptureHost(IHost host, string component, CapturingOptions options, ModelSource model, PreparedPrompt prompt)
    : IDisposable
{
    private readonly RepeatedRows _rows = new(host, component);

    public string Component => component;

    public CapturingOptions Options => options;

    public PreparedPrompt Prompt => prompt;

    public ModelInfo Model => model.Model;

    public DataViewSchema.DetachedColumn GeometryColumn =>
        ColumnAnnotations.Vector(options.GeometryColumnName, [ImageGeometry.Length], ["element"]);

    public SavedCapture ToSaved() => SavedCapture.Of(component, model, prompt);

    public FailedRows CountFailures(DataViewRow row) => new(host, component, row);

    /// <summary>Says that a row of a view was run through the model.</summary>
    public void Ran(DataViewRowId id, RowImage image) => _rows.Add(id, image.Identity);

    public void ThrowIfCanceled() => HostSettings.ThrowIfCanceled(host);

    /// <summary>Makes what reads the image of each row that <paramref name="row"/> moves over.</summary>
    public Func<RowImage?> OpenImages(DataViewRow row, DataViewSchema.Column column) =>
        RowImage.Open(row, column, pixels => Run(token => model.Open().Preprocess(pixels, prompt, token)));

    public ImageGeometry GeometryOf(RowImage image) => model.Open().Place(image.Width, image.Height, prompt);

    /// <summary>Runs an image; the capture is valid until the next one with the same memory.</summary>
    public AttentionCapture Capture(RowImage image, PreparedPrompt asked, CaptureMemory memory) =>
        Run(token => model.Open().CapturePreprocessed(image.Preprocessed, asked, token, memory));

    /// <summary>Answers queries about an image.</summary>
    public ImageAnswers Answer(RowImage image, PreparedPrompt asked, AnswerOptions answering) =>
        Run(token => model.Open().AnswerPreprocessed(image.Preprocessed, asked, answering, token));

    /// <summary>The probabilities of choices, given as tokens, to each fine query.</summary>
    public double[][] ChoiceProbabilities(RowImage image, PreparedPrompt asked, IReadOnlyList<IReadOnlyList<int>> choices) =>
        Run(token => model.Open().ChoiceProbabilities(image.Preprocessed, asked, choices, token, fineOnly: true));

    public void Dispose() => model.Dispose();

    private T Run<T>(Func<CancellationToken, T> work)
    {
        using CancellationTokenSource canceled = CallCancellation.With(options.CancellationToken);
        return work(canceled.Token);
    }
}
