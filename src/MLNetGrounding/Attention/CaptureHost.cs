using Microsoft.ML;
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
    public string Component => component;

    public CapturingOptions Options => options;

    public PreparedPrompt Prompt => prompt;

    public ModelInfo Model => model.Model;

    public DataViewSchema.DetachedColumn GeometryColumn =>
        ColumnAnnotations.Vector(options.GeometryColumnName, [ImageGeometry.Length], ["element"]);

    public SavedCapture ToSaved() => SavedCapture.Of(component, model, prompt);

    public FailedRows CountFailures(DataViewRow row) => new(host, component, row);

    public void ThrowIfCanceled() => HostSettings.ThrowIfCanceled(host);

    /// <summary>Makes what reads the image of each row that <paramref name="row"/> moves over.</summary>
    public Func<RowImage?> OpenImages(DataViewRow row, DataViewSchema.Column column) =>
        RowImage.Open(row, column, pixels => model.Open().Preprocess(pixels, prompt, options.CancellationToken));

    public ImageGeometry GeometryOf(RowImage image) => model.Open().Place(image.Width, image.Height, prompt);

    /// <summary>Runs an image; the capture is valid until the next one with the same memory.</summary>
    public AttentionCapture Capture(RowImage image, PreparedPrompt asked, CaptureMemory memory) =>
        model.Open().CapturePreprocessed(image.Preprocessed, asked, options.CancellationToken, memory);

    /// <summary>Answers queries about an image.</summary>
    public ImageAnswers Answer(RowImage image, PreparedPrompt asked, AnswerOptions answering) =>
        model.Open().AnswerPreprocessed(image.Preprocessed, asked, answering, options.CancellationToken);

    /// <summary>The probabilities of choices, given as tokens, to each fine query.</summary>
    public double[][] ChoiceProbabilities(RowImage image, PreparedPrompt asked, IReadOnlyList<IReadOnlyList<int>> choices) =>
        model.Open().ChoiceProbabilities(image.Preprocessed, asked, choices, options.CancellationToken, fineOnly: true);

    public void Dispose() => model.Dispose();
}
