namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>What a mapper reads of one row before it computes.</summary>
internal interface IRowInput
{
    /// <summary>
    /// Does all the work that needs no more than what was read. Afterwards nothing is held that belongs to the source's row, so that the
    /// source may move on. Doing it again does nothing.
    /// </summary>
    void Prepare();
}
