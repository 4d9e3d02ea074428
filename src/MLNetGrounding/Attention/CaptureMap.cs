using Microsoft.ML;
using MLNetGrounding.DataViews;
using MLNetGrounding.DataViews.ReadAhead;

namespace MLNetGrounding.Attention;

/// <summary>
/// A transformer that runs the model, bound to a schema: every output is computed from the image, and images are read ahead.
/// </summary>
internal sealed class CaptureMap(
    CaptureHost capture,
    DataViewSchema inputSchema,
    IReadOnlyList<DataViewSchema.DetachedColumn> outputs,
    Func<DataViewRow, IRowInputs<RowImage>, RowMapper> createMapper
) : RowMap(inputSchema, outputs)
{
    private readonly DataViewSchema.Column _image = capture.Options.ImageInput(capture.Component).Find(inputSchema);

    public override IEnumerable<DataViewSchema.Column> InputsOf(int output) => [_image];

    public override DataViewRowCursor ReadAhead(DataViewRowCursor source, bool[] active) =>
        ReadAheadCursor<RowImage>.Over(
            source,
            active[..InputSchema.Count],
            capture.Options.ReadAhead,
            () => capture.OpenImages(source, _image),
            capture.ThrowIfCanceled
        );

    public override RowMapper CreateMapper(DataViewRow row) =>
        createMapper(row, row as IRowInputs<RowImage> ?? new PresentRowInputs<RowImage>(capture.OpenImages(row, _image)));
}
