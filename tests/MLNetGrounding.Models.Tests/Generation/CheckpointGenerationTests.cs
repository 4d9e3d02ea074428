using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Generation;

[TestClass]
public sealed class CheckpointGenerationTests
{
    [TestMethod]
    [DataRow("""{"eos_token_id":[7,8]}""", """{"eos_token_id":9,"text_config":{"eos_token_id":2}}""", new[] { 7, 8, 9 })]
    [DataRow("""{"eos_token_id":7}""", """{"text_config":{"eos_token_id":2}}""", new[] { 7 })]
    [DataRow("""{"pad_token_id":2}""", """{"text_config":{"eos_token_id":[2,3]}}""", new[] { 2, 3 })]
    [DataRow(null, """{"text_config":{"eos_token_id":2}}""", new[] { 2 })]
    public void TheLanguageModelsEndTokensCountWhereNoOthersAreNamed(string? generation, string configuration, int[] expected)
    {
        using TemporaryFolder folder = new();
        folder.Write("config.json", configuration);
        if (generation is not null)
        {
            folder.Write("generation_config.json", generation);
        }

        CollectionAssert.AreEqual(expected, CheckpointGeneration.Read(folder.Path).EndTokenIds.ToArray());
    }
}
