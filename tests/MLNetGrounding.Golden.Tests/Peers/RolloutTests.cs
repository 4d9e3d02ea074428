using MLNetGrounding.Models.Capture;

namespace MLNetGrounding.Golden.Peers;

/// <summary>LVLM-Interpret (Intel): attention rollout, with the residual and without.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class RolloutTests
{
    private const string Peer = "lvlm-interpret";

    public static IEnumerable<object[]> Cases => PeerCase.Of(Peer, "rollout_residual.npy");

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void RolloutsAreTheTools(string folder)
    {
        PeerCase each = new(Peer, folder);
        int side = (int)Math.Round(Math.Sqrt(each.Read("rollout_residual").Count));
        MapGrid grid = new(side, side);
        StoredAttention attention = new(each.Read("attn"), each.Numbers("prompt_ids"), each.ImageStart("prompt_ids", grid.Cells), grid);
        each.Close("rollout_residual", Flow(attention, TokenFlowForm.Halved));
        each.Close("rollout_plain", Flow(attention, TokenFlowForm.Product));
        each.Complete();
    }

    private static float[] Flow(StoredAttention attention, TokenFlowForm form) =>
        attention.Observe(new TokenFlowObserver(new TokenFlowOptions { Form = form }, QueryRow.LastPromptToken, TokenFlowRoles.Fine));
}
