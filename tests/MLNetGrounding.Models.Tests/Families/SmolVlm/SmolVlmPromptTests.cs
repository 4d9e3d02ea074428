using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Families.SmolVlm;

[TestClass]
public sealed class SmolVlmPromptTests
{
    // The program that the checkpoints hold, but for the mark that it begins with and the spelling of the role.
    private const string Messages =
        "{% for message in messages %}{{ROLE}}{% if message['content'][0]['type'] == 'image' %}{{':'}}{% else %}{{': '}}{% endif %}"
        + "{% for line in message['content'] %}{% if line['type'] == 'text' %}{{line['text']}}{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}"
        + "<end_of_utterance>\n{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}";

    [TestMethod]
    [DataRow("<|im_start|>", "message['role'] | capitalize")]
    [DataRow("<|im_start|>", "message['role'].capitalize()")]
    [DataRow("<|begin_of_text|>", "message['role'] | capitalize")]
    [DataRow("<|begin_of_text|>", "message['role'].capitalize()")]
    public void PublishedChatTemplatesAreKnownByTheirText(string begin, string role)
    {
        using TemporaryFolder folder = new();
        PromptFormat prompts = FamilyRegistry.Read(TiledFolders.WriteSmolVlm(folder)).Prompts;
        string program = begin + Messages.Replace("ROLE", role, StringComparison.Ordinal);
        Assert.AreEqual(begin + "User:<image>{question}<end_of_utterance>\nAssistant:", prompts.Recognize(program));
        Assert.IsNull(prompts.Recognize(program + "!"), "a program with one more character is another");
    }
}
