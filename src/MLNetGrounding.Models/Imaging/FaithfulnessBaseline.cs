namespace MLNetGrounding;

/// <summary>What hidden pixels become.</summary>
public enum FaithfulnessBaseline
{
    /// <summary>Black.</summary>
    Black,

    /// <summary>The mean color of the image.</summary>
    MeanColor,
}
