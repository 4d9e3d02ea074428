using System.Globalization;

namespace MLNetGrounding.Tool;

/// <summary>Prints what a checkpoint folder holds.</summary>
internal static class ModelPrinter
{
    public static void Print(TextWriter output, CheckpointSummary summary)
    {
        Line("folder", summary.Directory);
        if (summary.Model is { } model)
        {
            Line("family", model.Family);
            Line("layers", $"{model.Layers}");
            Line("heads", $"{model.Heads} a layer");
            Line(
                "grid",
                $"{model.Grid} cells{(model.HasFixedGrid ? "" : " unless another is chosen")}{(model.HasTiles ? ", more with tiles" : "")}"
            );
            Line("width", $"{model.Width}");
            Line("prompt", $"at most {model.LongestPrompt} tokens of {model.VocabularySize}");
        }

        if (summary.Profile is { } profile)
        {
            Line("template", profile.Template!.ReplaceLineEndings("\\n"));
            Line("from", summary.TemplateOrigin!);
            Line("question", $"{profile.Question} (object: {profile.Object ?? "none"})");
        }

        Line("tokenizer", summary.TokenizerFile is { } file ? Path.GetFileName(file) : "none");
        if (summary.WeightFiles.Count > 0)
        {
            Line(
                "weights",
                $"{summary.Parameters:N0} in {summary.WeightFiles.Count} {(summary.WeightFiles.Count == 1 ? "file" : "files")}, {Sizes.Text(summary.StoredBytes)} as {summary.StoredType}"
            );
        }

        if (summary.RunType is { } type)
        {
            Line(
                "memory",
                $"{Sizes.Text(summary.WeightBytes)} of weights as {type}{(type == summary.StoredType ? ", mapped from the files" : "")}; what an image needs comes on top, --check measures it"
            );
        }

        foreach (string problem in summary.Problems)
        {
            Line("PROBLEM", problem);
        }

        void Line(string name, string text) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name, -10} {text}"));
    }
}
