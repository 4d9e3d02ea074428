namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>Where a mapper gets the inputs of the rows from that it moves over.</summary>
/// <typeparam name="TInput">What is read of one row.</typeparam>
internal interface IRowInputs<out TInput>
    where TInput : class, IRowInput
{
    /// <summary>Reads the input of the present row; <see langword="null"/> where it has none.</summary>
    TInput? Read();

    /// <summary>Says that the present row will now take its time, so that the next rows can be read meanwhile.</summary>
    void ReadOn();
}
