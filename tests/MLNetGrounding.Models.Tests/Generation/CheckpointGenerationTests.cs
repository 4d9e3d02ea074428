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

    [TestMethod]
    // As the files of published models have it: of Qwen2.5-VL, Qwen2-VL, Qwen3-VL, and none of it.
    [DataRow("""{"do_sample":true,"repetition_penalty":1.05,"temperature":0.000001}""", "temperature 1E-06, repetition penalty 1.05")]
    [DataRow("""{"do_sample":true,"temperature":0.01,"top_p":0.001,"top_k":1}""", "temperature 0.01, top-k 1, top-p 0.001")]
    [DataRow(
        """{"do_sample":true,"temperature":0.7,"top_k":20,"top_p":0.8,"repetition_penalty":1.0}""",
        "temperature 0.7, top-k 20, top-p 0.8"
    )]
    // Without do_sample the most probable token is taken, whatever temperature says; the penalty acts all the same.
    [DataRow("""{"temperature":0.7,"top_k":20,"top_p":0.8,"repetition_penalty":1.05}""", "greedy, repetition penalty 1.05")]
    [DataRow("""{"do_sample":false,"temperature":0.7,"repetition_penalty":1.05}""", "greedy, repetition penalty 1.05")]
    // Hugging Face's own defaults where something is not said: temperature 1, all tokens. 0 is no limit.
    [DataRow("""{"do_sample":true}""", "temperature 1")]
    [DataRow("""{"do_sample":true,"top_k":0,"top_p":1.0}""", "temperature 1")]
    [DataRow("""{"pad_token_id":2}""", "greedy")]
    public void SamplingIsWhatTheFileSays(string generation, string expected)
    {
        using TemporaryFolder folder = new();
        folder.Write("config.json", "{}");
        folder.Write("generation_config.json", generation);
        Assert.AreEqual(expected, CheckpointGeneration.Read(folder.Path).Sampling().ToString());
    }

    [TestMethod]
    public void WithoutSamplingOnlyThePenaltyCounts()
    {
        using TemporaryFolder folder = new();
        folder.Write("config.json", "{}");
        folder.Write("generation_config.json", """{"temperature":0.7,"top_k":20,"top_p":0.8,"repetition_penalty":1.05}""");
        Assert.AreEqual(new AnswerSampling { RepetitionPenalty = 1.05 }, CheckpointGeneration.Read(folder.Path).Sampling());
    }
}
