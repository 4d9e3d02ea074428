using Microsoft.ML.Data;
using MLNetGrounding;
using MLNetGrounding.MlNet;

namespace Microsoft.ML;

/// <summary>The steps of grounding: methods of <c>mlContext.Transforms</c>.</summary>
public static class GroundingTransformsCatalog
{
    /// <summary>
    /// Loads images by path. Unlike ML.NET's <c>LoadImages</c>, a file that cannot be read or decoded does not end the run: its row keeps a
    /// <see langword="null"/> image, and <see cref="MLContext.Log"/> gets its path and, at the end, the number of such rows.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The column to add, of <see cref="Data.MLImage"/>: BGRA, opaque, decoded as <see cref="ImageFile"/>
    /// says.</param>
    /// <param name="inputColumnName">The text column with the path of each image.</param>
    /// <param name="loading">How files are decoded: orientation, the largest size, the range of floating-point values. Default: the
    /// defaults.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A setting of <paramref name="loading"/> is out of its range.</exception>
    public static GroundingImageLoaderEstimator LoadGroundingImages(
        this TransformsCatalog catalog,
        string outputColumnName = GroundingColumns.Image,
        string inputColumnName = GroundingColumns.ImagePath,
        ImageLoadingOptions? loading = null
    ) => new(CatalogEnvironment.Of(catalog), outputColumnName, inputColumnName, loading ?? new ImageLoadingOptions());

    /// <summary>
    /// Runs images through a vision-language model and extracts where its attention goes when it is asked about fine details
    /// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3).
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="modelDirectory">The checkpoint folder, in Hugging Face's layout.</param>
    /// <param name="words">The fine words to look for, such as "wheel" and "door"; at least one.</param>
    /// <param name="object">
    /// The word for the whole object, such as "car"; see <see cref="CapturingOptions.Object"/>. Default: the model's; without one there are
    /// no coarse columns.
    /// </param>
    /// <param name="question">
    /// The question about each word, with <c>{word}</c> and, where there is an object, <c>{object}</c>. Default: the model's.
    /// </param>
    /// <param name="grid">The cells of the maps, for models that leave a choice. Default: the model's own.</param>
    /// <param name="patchFeatures">
    /// Whether there is a column <c>PatchFeatures</c>, floats <c>[gridHeight, gridWidth, width]</c>, for <c>FeaturizeGrounding</c>.
    /// Default: no.
    /// </param>
    /// <param name="imageColumnName">Input: a column of <see cref="Data.MLImage"/>; <see langword="null"/> images get NaN outputs.</param>
    /// <param name="capture">
    /// What else is captured and how images are fitted; <paramref name="grid"/> goes before its own. Default: the paper's flow, images
    /// padded to the shape of the model's input.
    /// </param>
    /// <param name="headSelection">
    /// Which heads count for the coarse word, and for the fine words too unless <c>SelectHeads</c> is told otherwise. Default: what
    /// <paramref name="capture"/> says.
    /// </param>
    /// <param name="cells">About how many cells maps have, instead of <paramref name="grid"/>. Default: as
    /// <see cref="CapturingOptions.Cells"/> says.</param>
    /// <param name="aspect">
    /// The grid's shape: a number, <c>16:9</c>, or the path of an image that has it. Default: as <see cref="CapturingOptions.Aspect"/>
    /// says.
    /// </param>
    /// <returns>
    /// The estimator; its outputs are the columns that <see cref="AttentionExtractorOptions"/> names, by their default names. The model is
    /// opened by <see cref="RowMapEstimator{TTransformer}.Fit"/>.
    /// </returns>
    /// <exception cref="ArgumentException">There is no word, or one is empty or given twice.</exception>
    public static AttentionExtractorEstimator ExtractAttention(
        this TransformsCatalog catalog,
        string modelDirectory,
        IReadOnlyList<string> words,
        string? @object = null,
        string? question = null,
        MapGrid? grid = null,
        bool patchFeatures = false,
        string imageColumnName = GroundingColumns.Image,
        CaptureOptions? capture = null,
        HeadSelectionOptions? headSelection = null,
        int? cells = null,
        string? aspect = null
    ) =>
        ExtractAttention(
            catalog,
            new AttentionExtractorOptions
            {
                ModelDirectory = modelDirectory,
                Words = words,
                Object = @object,
                Question = question,
                PatchFeaturesColumnName = patchFeatures ? GroundingColumns.PatchFeatures : null,
                ImageColumnName = imageColumnName,
                Capture = WithGrid(capture ?? new CaptureOptions(), grid),
                HeadSelection = headSelection,
                Cells = cells,
                Aspect = aspect,
            }
        );

    /// <summary>
    /// Runs images through a vision-language model and extracts where its attention goes when it is asked about fine details
    /// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3).
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="options">The model, the questions and the columns.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">Not exactly one of model directory and open model is set, or there is no query.</exception>
    public static AttentionExtractorEstimator ExtractAttention(this TransformsCatalog catalog, AttentionExtractorOptions options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>Asks a model about images and adds what it answers, with tokens and log-probabilities.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="modelDirectory">The checkpoint folder, in Hugging Face's layout.</param>
    /// <param name="questions">What is asked about every image, such as "What color is the car?"; each question is the name of its
    /// query.</param>
    /// <param name="imageColumnName">Input: a column of <see cref="Data.MLImage"/>; rows whose image is <see langword="null"/> get empty
    /// answers.</param>
    /// <param name="maximumTokens">The most tokens of an answer.</param>
    /// <param name="answerMapsColumnName">Output: where each token looks; <see langword="null"/> for no such column.</param>
    /// <param name="choices">Given answers whose probabilities are wanted; <see langword="null"/> for none.</param>
    /// <returns>The estimator; its outputs are the columns that <see cref="QuestionAnswererOptions"/> names.</returns>
    /// <exception cref="ArgumentException">There is no question, or one is given twice.</exception>
    public static QuestionAnswererEstimator AnswerQuestions(
        this TransformsCatalog catalog,
        string modelDirectory,
        IReadOnlyList<string> questions,
        string imageColumnName = GroundingColumns.Image,
        int maximumTokens = QuestionAnswererOptions.Defaults.MaximumTokens,
        string? answerMapsColumnName = null,
        IReadOnlyList<string>? choices = null
    )
    {
        ArgumentNullException.ThrowIfNull(questions);
        return AnswerQuestions(
            catalog,
            new QuestionAnswererOptions
            {
                ModelDirectory = modelDirectory,
                Queries = [.. questions.Select(question => new AttentionQuery { Name = question, Question = question })],
                ImageColumnName = imageColumnName,
                Answering = new AnswerOptions { MaximumTokens = maximumTokens },
                AnswerMapsColumnName = answerMapsColumnName,
                Choices = choices ?? [],
            }
        );
    }

    /// <summary>Asks a model about images and adds what it answers, and where it looks while it says it.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="options">The model, the questions and the columns.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">Not exactly one of model directory and open model is set, or there is no query.</exception>
    public static QuestionAnswererEstimator AnswerQuestions(this TransformsCatalog catalog, QuestionAnswererOptions options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Keeps the attention heads that look at one compact place and joins those of each layer into one map, query by query
    /// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3.1).
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="layerMapsColumnName">Output: floats <c>[queries, layers, gridHeight, gridWidth]</c>.</param>
    /// <param name="keptHeadsColumnName">Output: 1 for each head that is kept, else 0, floats <c>[queries, layers, heads]</c>.</param>
    /// <param name="fineAttentionColumnName">Input: floats <c>[queries, layers, heads, gridHeight, gridWidth]</c>.</param>
    /// <param name="headSelection">Which heads are kept and how they become one map per layer. Default: as the attention was extracted
    /// with.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public static HeadSelectorEstimator SelectHeads(
        this TransformsCatalog catalog,
        string layerMapsColumnName = GroundingColumns.LayerMaps,
        string keptHeadsColumnName = GroundingColumns.KeptHeads,
        string fineAttentionColumnName = GroundingColumns.FineAttention,
        HeadSelectionOptions? headSelection = null
    ) =>
        SelectHeads(
            catalog,
            new HeadSelectorOptions
            {
                LayerMapsColumnName = layerMapsColumnName,
                KeptHeadsColumnName = keptHeadsColumnName,
                FineAttentionColumnName = fineAttentionColumnName,
                HeadSelection = headSelection,
            }
        );

    /// <summary>
    /// Keeps the attention heads that look at one compact place and joins those of each layer into one map, query by query
    /// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3.1).
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="options">The columns and settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public static HeadSelectorEstimator SelectHeads(this TransformsCatalog catalog, HeadSelectorOptions options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Finds where the coarse word's attention comes from over all layers, and sums the fine words' layer maps with weights from there
    /// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3.1.2, equations 2 to 4).
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="groundingMapsColumnName">Output: floats <c>[queries, gridHeight, gridWidth]</c>.</param>
    /// <param name="coarseMaskColumnName">Output: floats <c>[gridHeight, gridWidth]</c>, maximum 1.</param>
    /// <param name="layerMapsColumnName">Input: floats <c>[queries, layers, gridHeight, gridWidth]</c>.</param>
    /// <param name="coarseFlowColumnName">Input: floats <c>[layers, tokens, tokens]</c>.</param>
    /// <param name="rollout">The rollout. Default: the paper's.</param>
    /// <param name="aggregation">The constraint by the mask and the sum over the layers. Default: the paper's.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public static RolloutMaskerEstimator MaskByRollout(
        this TransformsCatalog catalog,
        string groundingMapsColumnName = GroundingColumns.GroundingMaps,
        string coarseMaskColumnName = GroundingColumns.CoarseMask,
        string layerMapsColumnName = GroundingColumns.LayerMaps,
        string coarseFlowColumnName = GroundingColumns.CoarseFlow,
        RolloutOptions? rollout = null,
        AggregationOptions? aggregation = null
    ) =>
        MaskByRollout(
            catalog,
            new RolloutMaskerOptions
            {
                GroundingMapsColumnName = groundingMapsColumnName,
                CoarseMaskColumnName = coarseMaskColumnName,
                LayerMapsColumnName = layerMapsColumnName,
                CoarseFlowColumnName = coarseFlowColumnName,
                Rollout = rollout ?? new RolloutOptions(),
                Aggregation = aggregation ?? new AggregationOptions(),
            }
        );

    /// <summary>
    /// Finds where the coarse word's attention comes from over all layers, and sums the fine words' layer maps with weights from there
    /// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 3.1.2, equations 2 to 4).
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="options">The columns and settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public static RolloutMaskerEstimator MaskByRollout(this TransformsCatalog catalog, RolloutMaskerOptions options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Pools patch features by each query's grounding map: the features of the place that the model looks at when it is asked about a part,
    /// as a vector for trainers.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="groundingFeaturesColumnName">Output: floats <c>[queries, length]</c>, slots named like <c>wheel.17</c>.</param>
    /// <param name="groundingMapsColumnName">Input: floats <c>[queries, gridHeight, gridWidth]</c>.</param>
    /// <param name="patchFeaturesColumnName">
    /// Input: the projected visual token of each cell, floats <c>[gridHeight, gridWidth, length]</c>, from
    /// <see cref="AttentionExtractorOptions.PatchFeaturesColumnName"/>.
    /// </param>
    /// <param name="pooling">How much each cell of a map counts. Default: its share of the map's mass.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public static GroundingFeaturizerEstimator FeaturizeGrounding(
        this TransformsCatalog catalog,
        string groundingFeaturesColumnName = GroundingColumns.GroundingFeatures,
        string groundingMapsColumnName = GroundingColumns.GroundingMaps,
        string patchFeaturesColumnName = GroundingColumns.PatchFeatures,
        PoolingOptions? pooling = null
    ) =>
        FeaturizeGrounding(
            catalog,
            new GroundingFeaturizerOptions
            {
                GroundingFeaturesColumnName = groundingFeaturesColumnName,
                GroundingMapsColumnName = groundingMapsColumnName,
                PatchFeaturesColumnName = patchFeaturesColumnName,
                Pooling = pooling ?? new PoolingOptions(),
            }
        );

    /// <summary>
    /// Pools patch features by each query's grounding map: the features of the place that the model looks at when it is asked about a part,
    /// as a vector for trainers.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="options">The columns and settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public static GroundingFeaturizerEstimator FeaturizeGrounding(this TransformsCatalog catalog, GroundingFeaturizerOptions options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Features for a stock trainer from image files, in one call: images are loaded, each word is grounded, the features of the place that
    /// the model looks at are pooled, kept in memory, and normalized. Begin a pipeline with it and append the mapping of the label and the
    /// trainer; each image is run through the model once, however many passes the trainer makes.
    /// </summary>
    /// <remarks>
    /// It is <c>LoadGroundingImages</c>, <c>ExtractAttention</c> with patch features, <c>SelectHeads</c>, <c>MaskByRollout</c>, <c>FeaturizeGrounding</c>, <c>AppendCacheCheckpoint</c> and
    /// <c>NormalizeMeanVariance</c>. Appended to other steps, a chain is a step within a step, whose cache ends with its own fit: there,
    /// write the steps one by one, or <c>AppendCacheCheckpoint</c> behind it. For cross-validation, which fits all steps for every fold,
    /// leave the normalization to the folds (<paramref name="normalize"/> = <see langword="false"/>) and hand it cached rows.
    /// </remarks>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="modelDirectory">The checkpoint folder, in Hugging Face's layout.</param>
    /// <param name="words">The fine words to look for, such as "wheel" and "door"; at least one.</param>
    /// <param name="object">
    /// The word for the whole object, such as "car"; see <see cref="CapturingOptions.Object"/>. Default: the model's; there must be one.
    /// </param>
    /// <param name="featuresColumnName">Output: a vector for trainers, floats <c>[queries, length]</c>. Default <c>Features</c>, where
    /// trainers look for it.</param>
    /// <param name="imagePathColumnName">Input: the text column with the path of each image.</param>
    /// <param name="normalize">Whether the features are brought to mean 0 and variance 1 over the rows that are fitted on. Without it, most
    /// linear trainers do little better than chance.</param>
    /// <param name="grid">The cells of the maps, for models that leave a choice. Default: the model's own.</param>
    /// <param name="pooling">How much each cell of a map counts. Default: its share of the map's mass.</param>
    /// <param name="loading">How files are decoded. Default: the defaults.</param>
    /// <returns>The chain, which other estimators are appended to.</returns>
    /// <exception cref="ArgumentException">There is no word, or one is empty or given twice, or a setting is out of its range.</exception>
    public static EstimatorChain<ITransformer> GroundingFeatures(
        this TransformsCatalog catalog,
        string modelDirectory,
        IReadOnlyList<string> words,
        string? @object = null,
        string featuresColumnName = GroundingColumns.Features,
        string imagePathColumnName = GroundingColumns.ImagePath,
        bool normalize = true,
        MapGrid? grid = null,
        PoolingOptions? pooling = null,
        ImageLoadingOptions? loading = null
    )
    {
        string pooled = normalize ? GroundingColumns.GroundingFeatures : featuresColumnName;
        EstimatorChain<ITransformer> chain = new EstimatorChain<ITransformer>()
            .Append(catalog.LoadGroundingImages(inputColumnName: imagePathColumnName, loading: loading))
            .Append(catalog.ExtractAttention(modelDirectory, words, @object, grid: grid, patchFeatures: true))
            .Append(catalog.SelectHeads())
            .Append(catalog.MaskByRollout())
            .Append<ITransformer>(catalog.FeaturizeGrounding(groundingFeaturesColumnName: pooled, pooling: pooling))
            .AppendCacheCheckpoint(CatalogEnvironment.Of(catalog));
        return normalize ? chain.Append<ITransformer>(catalog.NormalizeMeanVariance(featuresColumnName, pooled, fixZero: false)) : chain;
    }

    /// <summary>
    /// Grounds words in images by several methods at once, which share one capture of each image: the paper's method, its baseline, its
    /// peers, the paper's without one of its parts, or methods of one's own derived from these. Where a method among them learns, as
    /// <see cref="GroundingMethods.LocalizationHeads"/> of the default does, <c>Fit</c> runs images through the model: the first 100 by
    /// default.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="modelDirectory">The checkpoint folder, in Hugging Face's layout.</param>
    /// <param name="words">The fine words to look for, such as "wheel" and "door"; at least one.</param>
    /// <param name="object">
    /// The word for the whole object, such as "car"; see <see cref="CapturingOptions.Object"/>. Default: the model's; without one, methods
    /// that mask by the object are refused.
    /// </param>
    /// <param name="methods">The methods, each with a name of its own. Default: <see cref="GroundingMethods.All"/>.</param>
    /// <param name="question">
    /// The question about each word, with <c>{word}</c> and, where there is an object, <c>{object}</c>. Default: the model's.
    /// </param>
    /// <param name="grid">The cells of the maps, for models that leave a choice. Default: the model's own.</param>
    /// <param name="groundingMapsColumnName">Outputs: this, a dot and the method's name, for each method.</param>
    /// <param name="imageColumnName">Input: a column of <see cref="Data.MLImage"/>; <see langword="null"/> images get NaN outputs.</param>
    /// <param name="capture">
    /// How images are fitted and cut, and how the model is asked; <paramref name="grid"/> goes before its own.
    /// <see cref="MethodGrounderOptions"/> says what may be set. Default: all defaults.
    /// </param>
    /// <param name="cells">About how many cells maps have, instead of <paramref name="grid"/>. Default: as
    /// <see cref="CapturingOptions.Cells"/> says.</param>
    /// <param name="aspect">
    /// The grid's shape: a number, <c>16:9</c>, or the path of an image that has it. Default: as <see cref="CapturingOptions.Aspect"/>
    /// says.
    /// </param>
    /// <returns>
    /// The estimator. Its outputs are <c>Geometry</c> and, for each method, <c>GroundingMaps.</c> and the method's name, floats
    /// <c>[queries, gridHeight, gridWidth]</c>. The model is opened by <see cref="RowMapEstimator{TTransformer}.Fit"/>.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// There is no word, or one is empty or given twice; a method is out of its range, or two methods have one name.
    /// </exception>
    public static MethodGrounderEstimator GroundByMethods(
        this TransformsCatalog catalog,
        string modelDirectory,
        IReadOnlyList<string> words,
        string? @object = null,
        IReadOnlyList<GroundingMethod>? methods = null,
        string? question = null,
        MapGrid? grid = null,
        string groundingMapsColumnName = GroundingColumns.GroundingMaps,
        string imageColumnName = GroundingColumns.Image,
        CaptureOptions? capture = null,
        int? cells = null,
        string? aspect = null
    ) =>
        GroundByMethods(
            catalog,
            new MethodGrounderOptions
            {
                ModelDirectory = modelDirectory,
                Methods = methods ?? GroundingMethods.All,
                Words = words,
                Object = @object,
                Question = question,
                GroundingMapsColumnName = groundingMapsColumnName,
                ImageColumnName = imageColumnName,
                Capture = WithGrid(capture ?? new CaptureOptions(), grid),
                Cells = cells,
                Aspect = aspect,
            }
        );

    /// <summary>
    /// Grounds words in images by several methods at once, which share one capture of each image: the paper's method, its baseline, its
    /// peers, the paper's without one of its parts, or methods of one's own derived from these. Where a method among them learns, as
    /// <see cref="GroundingMethods.LocalizationHeads"/> of the default does, <c>Fit</c> runs images through the model: the first 100 by
    /// default.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="options">The model, the questions, the methods and the columns.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">
    /// Not exactly one of model directory and open model is set, a method is out of its range or lacks a query, or two methods have one
    /// name.
    /// </exception>
    public static MethodGrounderEstimator GroundByMethods(this TransformsCatalog catalog, MethodGrounderOptions options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Scores grounding maps on annotated key points: the paper's mPIR, row by row and query by query
    /// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 4.2, equation 5).
    /// Sum the scores up with <see cref="GroundingCatalog.Evaluate"/>.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="hitColumnName">Output: 1 where a visible key point lies in the region, else 0, floats <c>[queries]</c>, NaN where not
    /// scored.</param>
    /// <param name="areaColumnName">Output: the region's share of the image's frame, floats <c>[queries]</c>, NaN where not scored.</param>
    /// <param name="mpirColumnName">Output: 1 / area for a hit, else 0, floats <c>[queries]</c>, NaN where not scored.</param>
    /// <param name="groundingMapsColumnName">Input: floats <c>[queries, gridHeight, gridWidth]</c>.</param>
    /// <param name="keyPointsColumnName">Input: x and y of each key point in pixels, floats <c>[points, 2]</c>.</param>
    /// <param name="keyPointVisibleColumnName">Input: 1 for each visible key point, else 0, floats <c>[points]</c>.</param>
    /// <param name="geometryColumnName">Input: where the image's pixels lie on the grid, <see cref="ImageGeometry.Length"/> floats.</param>
    /// <param name="regionThreshold">The predicted region is where the map, scaled to 0..1, is at least this.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not between 0 and 1.</exception>
    public static MpirEvaluatorEstimator EvaluateMpir(
        this TransformsCatalog catalog,
        string hitColumnName = GroundingColumns.Hit,
        string areaColumnName = GroundingColumns.Area,
        string mpirColumnName = GroundingColumns.Mpir,
        string groundingMapsColumnName = GroundingColumns.GroundingMaps,
        string keyPointsColumnName = GroundingColumns.KeyPoints,
        string keyPointVisibleColumnName = GroundingColumns.KeyPointVisible,
        string geometryColumnName = GroundingColumns.Geometry,
        double regionThreshold = MpirEvaluatorOptions.Defaults.RegionThreshold
    ) =>
        EvaluateMpir(
            catalog,
            new MpirEvaluatorOptions
            {
                HitColumnName = hitColumnName,
                AreaColumnName = areaColumnName,
                MpirColumnName = mpirColumnName,
                GroundingMapsColumnName = groundingMapsColumnName,
                KeyPointsColumnName = keyPointsColumnName,
                KeyPointVisibleColumnName = keyPointVisibleColumnName,
                GeometryColumnName = geometryColumnName,
                RegionThreshold = regionThreshold,
            }
        );

    /// <summary>
    /// Scores grounding maps on annotated key points: the paper's mPIR, row by row and query by query
    /// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 4.2, equation 5).
    /// Sum the scores up with <see cref="GroundingCatalog.Evaluate"/>.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="options">The columns and settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not between 0 and 1.</exception>
    public static MpirEvaluatorEstimator EvaluateMpir(this TransformsCatalog catalog, MpirEvaluatorOptions options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>Makes a region of each grounding map, as cells and as a box in pixels.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="rule">How a map becomes a region; <see langword="null"/>: <see cref="ThresholdRegion"/>, 0.05.</param>
    /// <param name="regionsColumnName">Output: 1 for each cell of a region, else 0, floats <c>[queries, gridHeight, gridWidth]</c>.</param>
    /// <param name="regionBoxesColumnName">Output: x, y, width and height of each region's box, floats <c>[queries, 4]</c>, NaN where there
    /// is none.</param>
    /// <param name="groundingMapsColumnName">Input: floats <c>[queries, gridHeight, gridWidth]</c>.</param>
    /// <param name="geometryColumnName">Input: where the image's pixels lie on the grid, <see cref="ImageGeometry.Length"/> floats.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A setting of the rule is out of its range.</exception>
    public static RegionFinderEstimator FindRegions(
        this TransformsCatalog catalog,
        RegionRule? rule = null,
        string regionsColumnName = GroundingColumns.Regions,
        string regionBoxesColumnName = GroundingColumns.RegionBoxes,
        string groundingMapsColumnName = GroundingColumns.GroundingMaps,
        string geometryColumnName = GroundingColumns.Geometry
    ) =>
        FindRegions(
            catalog,
            new RegionFinderOptions
            {
                Rule = rule ?? new ThresholdRegion(),
                RegionsColumnName = regionsColumnName,
                RegionBoxesColumnName = regionBoxesColumnName,
                GroundingMapsColumnName = groundingMapsColumnName,
                GeometryColumnName = geometryColumnName,
            }
        );

    /// <summary>Makes a region of each grounding map, as cells and as a box in pixels.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="options">The columns and the rule.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A setting of the rule is out of its range.</exception>
    public static RegionFinderEstimator FindRegions(this TransformsCatalog catalog, RegionFinderOptions options) =>
        new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Draws each row's grounding map over its image, as an image column that stock steps can go on with: the map, the outline of its
    /// region and the query's name.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="query">The query whose map is drawn; <see langword="null"/>: all queries side by side.</param>
    /// <param name="overlayColumnName">Output: the column to add, of <see cref="Data.MLImage"/>; <see langword="null"/> where the row could
    /// not be computed.</param>
    /// <param name="imageColumnName">Input: the images.</param>
    /// <param name="groundingMapsColumnName">Input: floats <c>[queries, gridHeight, gridWidth]</c>.</param>
    /// <param name="geometryColumnName">Input: where the image's pixels lie on the grid, <see cref="ImageGeometry.Length"/> floats.</param>
    /// <param name="regionThreshold">The outlined region is where the map, scaled to 0..1, is at least this.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not between 0 and 1.</exception>
    public static GroundingDrawerEstimator DrawGrounding(
        this TransformsCatalog catalog,
        string? query = null,
        string overlayColumnName = GroundingColumns.Overlay,
        string imageColumnName = GroundingColumns.Image,
        string groundingMapsColumnName = GroundingColumns.GroundingMaps,
        string geometryColumnName = GroundingColumns.Geometry,
        double regionThreshold = GroundingDrawerOptions.Defaults.RegionThreshold
    ) =>
        DrawGrounding(
            catalog,
            new GroundingDrawerOptions
            {
                Query = query,
                OverlayColumnName = overlayColumnName,
                ImageColumnName = imageColumnName,
                GroundingMapsColumnName = groundingMapsColumnName,
                GeometryColumnName = geometryColumnName,
                RegionThreshold = regionThreshold,
            }
        );

    /// <summary>
    /// Draws each row's grounding map over its image, as an image column that stock steps can go on with: the map, the outline of its
    /// region, on request key points, and the query's name.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="options">The columns and settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public static GroundingDrawerEstimator DrawGrounding(this TransformsCatalog catalog, GroundingDrawerOptions options) =>
        new(CatalogEnvironment.Of(catalog), options);

    private static CaptureOptions WithGrid(CaptureOptions capture, MapGrid? grid) => grid is null ? capture : capture with { Grid = grid };
}
