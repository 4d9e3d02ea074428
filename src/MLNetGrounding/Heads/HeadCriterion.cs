namespace MLNetGrounding;

/// <summary>What makes head selection choose a head in a sample, one query of one row, where it learns heads from rows.</summary>
public enum HeadCriterion
{
    /// <summary>
    /// The head passes the thresholds of <see cref="HeadSelectorOptions.HeadSelection"/>
    /// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3.1). The default.
    /// </summary>
    SelectionFrequency,

    /// <summary>
    /// The head looks at the image and at one place of it: its attention sum reaches the elbow of all sums, and of those heads it is among
    /// the ones of lowest spatial entropy (Kang et al., "Your Large Vision-Language Model Only Needs A Few Attention Heads For Visual
    /// Grounding", CVPR 2025). That work reads the row of the last prompt token, <see cref="QueryRow.LastPromptToken"/>.
    /// </summary>
    SpatialEntropy,
}
