namespace MLNetGrounding;

/// <summary>
/// The grounding methods that come with this library, by name: the paper's, its baseline, peers, and the paper's without one of its parts.
/// </summary>
public static partial class GroundingMethods
{
    private const string PaperSource = "\"Can Large Vision Language Models Ground Fine-Grained Attribute?\"";

    private const string LocalizationHeadsSource =
        "Kang et al., \"Your Large Vision-Language Model Only Needs A Few Attention Heads For Visual Grounding\", CVPR 2025, arXiv 2503.06287";

    private const string TamSource = "Li et al., \"Token Activation Map to Visually Explain Multimodal LLMs\", ICCV 2025";

    /// <summary>
    /// The paper's method: heads kept by entropy and compactness, joined by their maximum, weighted by the coarse word's rollout
    /// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", sections 3.1 and 3.2).
    /// </summary>
    public static HierarchicalGrounding Paper { get; } =
        new()
        {
            Name = nameof(Paper),
            Source = $"{PaperSource}, sections 3.1 and 3.2. The paper leaves steps open; the choices made are the options' defaults.",
        };

    /// <summary>
    /// The paper's baseline VL-SAM*: heads weighted by their largest attention, joined over the layers by a flow that is regularized
    /// against the causal mask (Lin et al., "Training-Free Open-Ended Object Detection and Segmentation via Attention as Prompts", arXiv
    /// 2410.05963, section 3.2, equations 1 to 3).
    /// </summary>
    /// <remarks>
    /// Read in the publication; there is no released code. Open in it, and chosen here: the mean over tokens takes in all tokens of the
    /// prompt, F(0) is 0, the regularizer is applied after every layer with the length of the whole prompt, and the flow starts at the
    /// queried word, as the paper's maps do, instead of a generated token.
    /// </remarks>
    public static TokenFlowGrounding VlSam { get; } =
        new()
        {
            Name = nameof(VlSam),
            Source =
                "Lin et al., \"Training-Free Open-Ended Object Detection and Segmentation via Attention as Prompts\", arXiv 2410.05963, equations 1 to 3, read at the queried word.",
            Flow = new()
            {
                Heads = HeadWeighting.LargestKey,
                Form = TokenFlowForm.Accumulated,
                Regularizer = CausalRegularizer.EveryStep,
            },
        };

    /// <summary>The mean of all heads of all layers at the queried word: what a method has to beat.</summary>
    public static MeanAttentionGrounding AllHeadsMean { get; } =
        new() { Name = nameof(AllHeadsMean), Source = "The plain mean of all heads and layers; no publication." };

    /// <summary>
    /// Attention rollout from the queried word (Abnar and Zuidema, "Quantifying Attention Flow in Transformers", arXiv 2005.00928,
    /// section 3): the mean of all heads, (I + A)/2, multiplied over all layers.
    /// </summary>
    public static TokenFlowGrounding AbnarRollout { get; } =
        new()
        {
            Name = nameof(AbnarRollout),
            Source =
                "Abnar and Zuidema, \"Quantifying Attention Flow in Transformers\", arXiv 2005.00928, section 3, read at the queried word.",
        };

    /// <summary>
    /// The sum of the three heads that, over some images, most often look at one place of the image, at the last prompt token: the method
    /// of LocalizationHeads (Kang et al., "Your Large Vision-Language Model Only Needs A Few Attention Heads For Visual Grounding", CVPR
    /// 2025, arXiv 2503.06287). The heads are learned by <c>Fit</c>.
    /// </summary>
    /// <remarks>
    /// Read in the publication and in the released code of August 2025 (seilk/LocalizationHeads, commit 9ffe219, <c>analyze.py</c> and
    /// <c>bbox.py</c>): attention sums up to the elbow, then spatial entropy; five heads a sample, none of the first two layers or with
    /// much attention in the bottom row; blur of 9 taps and deviation 1 with a mirrored border. Frequency over samples is in the
    /// publication and not in the code, and kept. Chosen here: a head without a component comes last, not first, and thresholds fit the
    /// number of cells, see <see cref="LocalizationHeadOptions"/>; the box is <see cref="MeanRegion"/>; no SAM.
    /// </remarks>
    public static LocalizationHeadsGrounding LocalizationHeads { get; } =
        new()
        {
            Name = nameof(LocalizationHeads),
            Source = $"{LocalizationHeadsSource}, as in the released code of August 2025, three heads learned on the rows given to Fit.",
            Row = QueryRow.LastPromptToken,
            SumsHeads = true,
            Smoothing = new()
            {
                KernelSize = 9,
                Deviation = 1,
                Border = MapBorder.Mirrored,
            },
        };

    /// <summary>
    /// LocalizationHeads as its code of June 2025 means it, named <c>LocalizationHeads.June2025</c>: ten heads a sample of any layer,
    /// places above the mean, the mean of three heads.
    /// </summary>
    /// <remarks>
    /// Read in the publication and in the released code (<c>localization_heads_finder.py</c>). Heads are compared by their sums and not, as
    /// in that code, by their numbers, which its issue 12 reports and its next release mends. Chosen here: the Gaussian's 7 cells and
    /// deviation 1 with zeros beyond the border, which that code does not hold.
    /// </remarks>
    public static LocalizationHeadsGrounding LocalizationHeadsJune2025 { get; } =
        new()
        {
            Name = "LocalizationHeads.June2025",
            Source =
                $"{LocalizationHeadsSource}, as the released code of June 2025 means it, three heads learned on the rows given to Fit.",
            Row = QueryRow.LastPromptToken,
            Localization = LocalizationHeadOptions.June2025,
            Smoothing = new()
            {
                KernelSize = 7,
                Deviation = 1,
                Border = MapBorder.Zero,
            },
        };

    /// <summary>
    /// ViCrop's relative attention (Zhang et al., "MLLMs Know Where to Look", arXiv 2502.17422): the mean of the heads of one layer at the
    /// last prompt token, divided by that of a prompt that asks about nothing in particular.
    /// </summary>
    /// <remarks>
    /// Read in the released code (saccharomycetes/mllms_know, a file a model), which takes layer 14, counted from 0, of 32. Where it names
    /// another depth for a model, that one is read; all others are read at 14/32 of theirs, which is chosen here. The question is the
    /// model's own, not the code's short answers. The box is <see cref="WindowRegion"/>.
    /// </remarks>
    public static MeanAttentionGrounding ViCrop { get; } =
        new()
        {
            Name = nameof(ViCrop),
            Source =
                "Zhang et al., \"MLLMs Know Where to Look\", arXiv 2502.17422, relative attention as in the released code, layer 14 of 32, or the one that the code names for the model.",
            Row = QueryRow.LastPromptToken,
            FirstLayerDepth = 14.0 / 32,
            LastLayerDepth = 14.0 / 32,
            PrefersPublishedLayer = true,
            Contrast = MapContrast.DividedByNeutral,
        };

    /// <summary>
    /// DecAF's attention for one image (Han et al., "Decomposed Attention Fusion in MLLMs for Training-Free Video Reasoning Segmentation",
    /// arXiv 2510.19592): heads weighted by V-Max, (A + I)/2 multiplied from the middle layer on, read at the last prompt token, smoothed,
    /// minus the same of a query about the background.
    /// </summary>
    /// <remarks>
    /// Read in the released code (HYUNJS/DecAF, the model's file and <c>inference_attn_mask.py</c>): layers from 14
    /// of 28 on, Gaussian of 7 cells and deviation 1, differences below 0 cut off. Chosen here: the frame path alone, as there is no video;
    /// the background is asked about with the model's own prompt; no SAM. Its mask and its points are <see cref="OtsuRegion"/> and
    /// <see cref="PointsRegion"/>. Where the background's map is larger everywhere, the map is 0 everywhere.
    /// </remarks>
    public static TokenFlowGrounding DecAf { get; } =
        new()
        {
            Name = nameof(DecAf),
            Source =
                "Han et al., \"Decomposed Attention Fusion in MLLMs for Training-Free Video Reasoning Segmentation\", arXiv 2510.19592, as in the released code, for one image.",
            Row = QueryRow.LastPromptToken,
            Flow = new()
            {
                Heads = HeadWeighting.LargestVisualKey,
                Form = TokenFlowForm.Halved,
                FirstLayerDepth = 0.5,
            },
            Smoothing = new()
            {
                KernelSize = 7,
                Deviation = 1,
                Border = MapBorder.Zero,
            },
            Contrast = MapContrast.MinusBackground,
        };

    /// <summary>
    /// Token Activation Map (Li et al., ICCV 2025): where visual tokens would say the queried word, by the output layer's logits, freed of
    /// what the earlier words of the question say too, and filtered.
    /// </summary>
    /// <remarks>
    /// Read in the released code (xmed-lab/TAM, <c>tam.py</c>) and mended: windows of equal values keep their value, all-zero scores give a
    /// map of zeros, words are the tokens that the model read. Chosen here: a word of several tokens is the mean of their maps, then
    /// filtered.
    /// </remarks>
    public static TokenActivationGrounding Tam { get; } =
        new()
        {
            Name = nameof(Tam),
            Source = $"{TamSource}, read at the queried word, faults of the released code mended.",
            Row = QueryRow.WordMean,
            RankFilter = new(),
        };

    /// <summary>
    /// <see cref="Tam"/> with windows of equal values as the released code has them, named <c>Tam.AsReleased</c>: for comparisons.
    /// </summary>
    public static TokenActivationGrounding TamAsReleased { get; } =
        Tam with
        {
            Name = "Tam.AsReleased",
            Source = $"{TamSource}, read at the queried word, as the released code.",
            RankFilter = new() { ConstantWindowsAsReleased = true },
        };

    /// <summary>The paper's method, its baseline and its peers.</summary>
    public static IReadOnlyList<GroundingMethod> All { get; } =
    [Paper, VlSam, AllHeadsMean, AbnarRollout, LocalizationHeads, ViCrop, DecAf, Tam];

    /// <summary>Peers as another of their releases has them, for comparisons with numbers that were made by it.</summary>
    public static IReadOnlyList<GroundingMethod> Releases { get; } = [LocalizationHeadsJune2025, TamAsReleased];

    /// <summary>The paper's method with one of its parts left out, replaced or added, each named <c>Paper.</c> and the change.</summary>
    public static IReadOnlyList<HierarchicalGrounding> Ablations { get; } =
    [
        Paper with
        {
            Name = "Paper.NoEntropyFilter",
            Source = Without("the entropy filter"),
            HeadSelection = new() { EntropyThreshold = 1 },
        },
        Paper with
        {
            Name = "Paper.NoCompactnessFilter",
            Source = Without("the compactness filter"),
            HeadSelection = new() { CompactnessThreshold = 0 },
        },
        Paper with
        {
            Name = "Paper.MeanOfHeads",
            Source = With("the mean of the kept heads, of the flow's too, instead of their maximum"),
            HeadSelection = new() { HeadAggregation = HeadAggregation.Mean },
            FlowHeads = FlowHeads.KeptMean,
        },
        Paper with
        {
            Name = "Paper.TopHeads",
            Source = With("the maximum of the three most compact heads"),
            HeadSelection = new() { HeadAggregation = HeadAggregation.MostCompact },
        },
        Paper with
        {
            Name = "Paper.NoRolloutMask",
            Source = Without("the rollout: the mask is 1 everywhere"),
            Constraint = HierarchicalConstraint.UniformMask,
        },
        Paper with
        {
            Name = "Paper.NoConstraint",
            Source = Without("the hierarchical constraint: the sum of the layer maps"),
            Constraint = HierarchicalConstraint.None,
        },
        Paper with
        {
            Name = "Paper.RolloutBottomUp",
            Source = With("equation 2 read from left to right"),
            Rollout = new() { Order = RolloutOrder.BottomUp },
        },
        Paper with
        {
            Name = "Paper.RolloutNormalized",
            Source = With("the rollout's rows normalized"),
            Rollout = new() { RowNormalized = true },
        },
        Paper with
        {
            Name = "Paper.RolloutAllHeads",
            Source = With("Abnar and Zuidema's rollout, the mean of all heads with rows normalized, as the mask"),
            FlowHeads = FlowHeads.AllMean,
            Rollout = new() { RowNormalized = true },
        },
        Paper with
        {
            Name = "Paper.Sharpened",
            Source = With("its section 5's sharpening of the final map"),
            Sharpening = new(),
        },
        Paper with
        {
            Name = "Paper.SinksRedistributed",
            Source = With("attention sinks redistributed as published (arXiv 2503.03321) in the fine words' maps, not in the coarse mask"),
            SinkRemoval = AttentionSinkRemoval.Published,
        },
        Paper with
        {
            Name = "Paper.WithoutSinks",
            Source = With("all attention of sinks (arXiv 2503.03321) removed from the fine words' maps, not from the coarse mask"),
            SinkRemoval = new(),
        },
        Paper with
        {
            Name = "Paper.WithoutConstantCells",
            Source = With(
                "cells that stand out whatever is asked filled from their neighbors, in the fine words' maps, not in the coarse mask"
            ),
            ConstantCellRemoval = new(),
        },
        Paper with
        {
            Name = "Paper.LaterLayers",
            Source = Without("the first half of the layers"),
            FirstLayerDepth = 0.5,
        },
    ];

    /// <summary>The method, release or ablation of a name; case does not matter.</summary>
    /// <param name="name">Such as <c>Paper</c> or <c>Paper.NoRolloutMask</c>.</param>
    /// <exception cref="ArgumentException">There is none of that name; the message lists all.</exception>
    public static GroundingMethod ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        GroundingMethod[] known = [.. All, .. Releases, .. Ablations];
        return known.FirstOrDefault(method => string.Equals(method.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(
                $"There is no grounding method '{name}'. Known: {string.Join(", ", known.Select(method => method.Name))}.",
                nameof(name)
            );
    }

    private static string Without(string part) => $"{PaperSource} without {part}.";

    private static string With(string change) => $"{PaperSource} with {change}.";
}
