namespace MLNetGrounding.Models.Capture;

/// <summary>Records where the attention of queries flows from over the layers. Equal observers record the same.</summary>
/// <param name="Options">How heads and layers are joined.</param>
/// <param name="Row">Which token of a query the flow is followed from.</param>
/// <param name="Roles">Which queries.</param>
internal sealed record TokenFlowObserver(TokenFlowOptions Options, QueryRow Row, TokenFlowRoles Roles) : ILayerObserver
{
    public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => new TokenFlowRecorder(this, prompt, model);

    /// <summary>The queries that are followed, as indices into <see cref="PreparedPrompt.Queries"/>: the fine ones first.</summary>
    public int[] Queries(PreparedPrompt prompt)
    {
        QueryRole[] roles = Roles switch
        {
            TokenFlowRoles.FineAndNeutral => [QueryRole.Fine, QueryRole.Neutral],
            TokenFlowRoles.FineAndBackground => [QueryRole.Fine, QueryRole.Background],
            _ => [QueryRole.Fine],
        };
        return
        [
            .. roles.SelectMany(role =>
                Enumerable.Range(0, prompt.Suffixes.Count).Where(query => prompt.Suffixes[query].Query.Role == role)
            ),
        ];
    }
}
