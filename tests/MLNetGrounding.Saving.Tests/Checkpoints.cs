using MLNetGrounding.Testing;

namespace MLNetGrounding.Saving;

/// <summary>Copies of the tiny golden checkpoint, which has no tokenizer, and the queries that go with it.</summary>
internal static class Checkpoints
{
    public static string Image(string name) => TestData.Fixture($"golden/images/{name}.png");

    /// <summary>Copies the checkpoint into a new folder.</summary>
    public static string Copy(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(GoldenData.TinyA.Checkpoint))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        return folder;
    }

    /// <summary>
    /// Changes one byte in the middle of the weights, which leaves everything about the checkpoint as it was but its outputs.
    /// </summary>
    public static void ChangeWeights(string folder)
    {
        using FileStream file = File.Open(Path.Combine(folder, "model.safetensors"), FileMode.Open);
        file.Position = file.Length / 2;
        int value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }

    public static AttentionExtractorOptions Options(string folder)
    {
        GoldenPrompt prompt = GoldenData.TinyA.Prompt;
        return new AttentionExtractorOptions
        {
            ModelDirectory = folder,
            PatchFeaturesColumnName = "PatchFeatures",
            Capture = new CaptureOptions { PrefixTokenIds = prompt.Prefix },
            Queries =
            [
                .. Enumerable
                    .Range(0, prompt.Suffixes.Length)
                    .Select(index => new AttentionQuery
                    {
                        Name = $"q{index}",
                        Role = index == prompt.CoarseQuery ? QueryRole.Coarse : QueryRole.Fine,
                        TokenIds = prompt.Suffixes[index],
                        TokenPositions = [prompt.TargetInSuffix[index]],
                    }),
            ],
        };
    }
}
