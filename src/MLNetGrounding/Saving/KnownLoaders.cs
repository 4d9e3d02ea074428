using System.Collections.Frozen;
using MLNetGrounding.MlNet;

namespace MLNetGrounding.Saving;

/// <summary>
/// The components that a saved model may name: this library's, and those of ML.NET that hold numbers and texts alone. Whatever runs code
/// that the file names or brings along (custom mappings, expressions, ONNX and TensorFlow graphs) or reads other files is not among them.
/// </summary>
/// <remarks>By the names of ML.NET's loader signatures, of Microsoft.ML 5.</remarks>
internal static class KnownLoaders
{
    /// <summary>The name of this library's.</summary>
    public const string Own = ModelStream.LoaderSignature;

    /// <summary>The names of ML.NET's own.</summary>
    public static FrozenSet<string> OfMLNet { get; } =
        new[]
        {
            // Chains, columns and types.
            "TransformerChain",
            "CopyTransform",
            "ConcatTransform",
            "SelectColumnsTransform",
            "ConvertTransform",
            "DropSlotsTransform",
            "GenNumTransform",
            "NopTransform",
            "OptColTransform",
            "ProduceIdTransform",
            "RowToRowMapper",
            // What today's files give as the older name of a component, beside its own.
            "ConcatFunction",
            "ConvertFunction",
            "ChooseColumnsFunction",
            "NormalizeFunction",
            "GcnFunction",
            "WhiteningFunction",
            "MissingFeatureFilter",
            "MissingFeatureFunction",
            // Parts that components read by themselves.
            "TermManager",
            "TextSpanBuffer",
            "CustomStopWordsManager",
            // Keys and values.
            "TermTransform",
            "KeyToValueTransform",
            "KeyToVectorTransform",
            "KeyToBinaryTransform",
            "HashTransform",
            "ValueMappingTransformer",
            "LabelConvertTransform",
            "LabelIndicatorTransform",
            // Numbers.
            "Normalizer",
            "AffineNormExec",
            "CdfNormalizeFunction",
            "BinNormalizeFunction",
            "BinNormExec",
            "GcnTransform",
            "WhiteningTransform",
            "PcaTransform",
            "RffTransform",
            "MissingIndicatorFunction",
            "NaIndicatorTransform",
            "NAReplaceTransform",
            "NADropTransform",
            "MissingValueFilter",
            "RangeFilter",
            "TreeEnseFeat",
            "TreeEnsembleMapper",
            // Texts.
            "NgramTransform",
            "NgramHashTransform",
            "TokenizeTextTransform",
            "CharToken",
            "TextNormalizerTransform",
            "StopWordsTransform",
            "CustomStopWords",
            "Text",
            // Images in columns; what reads files is left to this library's own loader.
            "ImageGrayscaleTransform",
            "ImagePixelExtractor",
            "ImageScalerTransform",
            "VectorToImageConverter",
            // Predictors, what they are wrapped in, and calibration.
            "BinaryPredXfer",
            "MulticlassPredXfer",
            "RegressionPredXfer",
            "RankingPredXfer",
            "AnomalyPredXfer",
            "ClusteringPredXfer",
            "FAFMPredXfer",
            "SchemaBindableWrapper",
            "BinarySchemaBindable",
            "QuantileSchemaBindable",
            "SchemaBindableCalibrated",
            "LabelSlotNameMapper",
            "BinClassScoreTransform",
            "ClusteringScoreTrans",
            "GenericScoreTransform",
            "MultiClassScoreTrans",
            "FeatureContribution",
            "FCCBindable",
            "CaliPredExec",
            "FeatWCaliPredExec",
            "PMixCaliPredExec",
            "NaiveCaliExec",
            "PlattCaliExec",
            "PAVCaliExec",
            "PlattCalibratTransf",
            "NaiveCalibratTransf",
            "PavCalibratTransf",
            "Linear2CExec",
            "LinearRegressionExec",
            "PoissonRegressionExec",
            "MulticlassLinear",
            "MultiClassLRExec",
            "ModelStats",
            "LinearModelStats",
            "MultiClassNaiveBayesPred",
            "OVAExec",
            "PKPDExec",
            "RandomPredictor",
            "PriorPredictor",
            "LDSVMBinaryPredictor",
            "FieldAwareFactMacPredict",
            "OlsLinearRegressionExec",
            "KMeansPredictor",
            "pcaAnomExec",
            "FastTreeBinaryExec",
            "FastTreeRankerExec",
            "FastTreeRegressionExec",
            "FastTreeTweedieExec",
            "FastForestBinaryExec",
            "FastForestRegressionExec",
            "BinaryClassGamPredictor",
            "RegressionGamPredictor",
            "LightGBMBinaryExec",
            "LightGBMRankerExec",
            "LightGBMRegressionExec",
            "EnsembleFloatExec",
            "EnsemDbExec",
            "EnsemMcExec",
        }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// Those of ML.NET's that begin with the number of their columns, and make room for as many before they look for the first.
    /// </summary>
    public static FrozenSet<string> WithColumns { get; } =
        new[]
        {
            "CopyTransform",
            "ConcatTransform",
            "ConvertTransform",
            "TermTransform",
            "KeyToValueTransform",
            "KeyToVectorTransform",
            "HashTransform",
            "Normalizer",
            "GcnTransform",
            "NAReplaceTransform",
            "NaIndicatorTransform",
            "TokenizeTextTransform",
            "CharToken",
            "TextNormalizerTransform",
            "StopWordsTransform",
            "NgramTransform",
        }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a component may be loaded: by exactly this name, though ML.NET itself looks past case.</summary>
    public static bool Contains(string loader) => loader == Own || OfMLNet.Contains(loader);
}
