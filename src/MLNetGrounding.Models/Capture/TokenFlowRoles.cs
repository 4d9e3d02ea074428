namespace MLNetGrounding.Models.Capture;

/// <summary>Which queries a <see cref="TokenFlowObserver"/> follows.</summary>
internal enum TokenFlowRoles
{
    Fine,
    FineAndNeutral,
    FineAndBackground,
}
