namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>Reads the inputs of the present row when they are asked for, and nothing ahead.</summary>
internal sealed class PresentRowInputs<TInput>(Func<TInput?> read) : IRowInputs<TInput>
    where TInput : class, IRowInput
{
    public TInput? Read() => read();

    public void ReadOn() { }
}
