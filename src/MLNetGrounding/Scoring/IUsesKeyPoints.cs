namespace MLNetGrounding.Scoring;

/// <summary>A fitted step that reads key points by their indices.</summary>
internal interface IUsesKeyPoints
{
    /// <summary>How many points an image must have for all of the step's indices to be among them.</summary>
    int KeyPoints { get; }
}
