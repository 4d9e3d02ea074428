namespace MLNetGrounding;

/// <summary>
/// Makes a grounding method that is ready out of one that has to see images first, see <see cref="GroundingMethod.CreateLearner"/>.
/// </summary>
/// <remarks>Used by one thread. Images that have no attention to learn from, a broken file for example, are left out before.</remarks>
public abstract class MethodLearner
{
    /// <summary>Learns from one image.</summary>
    /// <param name="attention">What the method asked for, valid during the call.</param>
    public abstract void Add(CapturedAttention attention);

    /// <summary>
    /// The method as learned: one whose <see cref="GroundingMethod.ImagesToFit"/> is 0, and which needs of a capture what it needed before.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing could be learned.</exception>
    public abstract GroundingMethod Complete();
}
