using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>
/// What is kept of a row that was read ahead, besides its columns. Filled by the one that reads, then read by the one that consumes.
/// </summary>
internal sealed class ReadAheadRow<TInput>
    where TInput : class, IRowInput
{
    /// <summary>Whether the source had such a row; if not, it ended or <see cref="MoveFailure"/> says what happened.</summary>
    public bool Exists { get; set; }

    public long Position { get; set; }

    public long Batch { get; set; }

    public DataViewRowId Id { get; set; }

    public TInput? Input { get; set; }

    /// <summary>Thrown to whoever asks for <see cref="Input"/>.</summary>
    public ExceptionDispatchInfo? InputFailure { get; set; }

    /// <summary>Thrown to whoever moves to this row.</summary>
    public ExceptionDispatchInfo? MoveFailure { get; set; }
}
