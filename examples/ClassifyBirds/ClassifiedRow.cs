namespace ClassifyBirds;

/// <summary>One test row and its scores, one for each species.</summary>
internal sealed class ClassifiedRow
{
    public string Species { get; set; } = "";

    public float[] Score { get; set; } = [];
}
