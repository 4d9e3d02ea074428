using MLNetGrounding;

namespace Table1;

/// <summary>Which methods a run can have, and which it keeps the maps of.</summary>
internal static class Table1Methods
{
    /// <summary>The coarse word's mask, which is kept beside the methods' maps.</summary>
    public static GroundingMethod Mask { get; } =
        GroundingMethods.Paper with
        {
            Name = KeptMaps.Mask,
            Constraint = HierarchicalConstraint.MaskAlone,
        };

    /// <summary>Whether a method learns from images before it grounds.</summary>
    public static bool Learns(GroundingMethod method) => method is LocalizationHeadsGrounding { Heads: null };

    /// <summary>Whether a method masks the words by the whole object.</summary>
    public static bool NeedsObject(GroundingMethod method) =>
        method is HierarchicalGrounding { Constraint: HierarchicalConstraint.CoarseMask or HierarchicalConstraint.MaskAlone };

    /// <summary>Whether a model is deep enough for the layers that a method chooses from.</summary>
    public static bool Fits(GroundingMethod method, ModelInfo model) =>
        method is not LocalizationHeadsGrounding learning || learning.Localization.FirstLayer < model.Layers;

    /// <summary>All methods that maps are kept of, the mask among them, where they can be had.</summary>
    public static IEnumerable<GroundingMethod> ToKeep(ModelInfo model, bool canLearn, bool hasObject) =>
        ((IEnumerable<GroundingMethod>)[.. GroundingMethods.All, .. GroundingMethods.Releases, .. GroundingMethods.Ablations, Mask]).Where(
            method => Fits(method, model) && (canLearn || !Learns(method)) && (hasObject || !NeedsObject(method))
        );
}
