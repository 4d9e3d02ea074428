namespace MLNetGrounding.Methods;

/// <summary>Makes a method that is ready out of one that has to see images first.</summary>
internal abstract class MethodLearner
{
    /// <summary>Learns from one image.</summary>
    public abstract void Add(CapturedAttention attention);

    /// <summary>The method as learned; it needs of a capture what it needed before.</summary>
    /// <exception cref="InvalidOperationException">Nothing could be learned.</exception>
    public abstract GroundingMethod Complete();
}
