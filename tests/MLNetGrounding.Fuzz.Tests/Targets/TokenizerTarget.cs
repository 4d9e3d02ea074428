using MLNetGrounding.Models.Tokenization;

namespace MLNetGrounding.Fuzz;

/// <summary>Tokenizer files, and a question put through those that can be read.</summary>
internal sealed class TokenizerTarget : FuzzTarget
{
    private static readonly string[] Questions = ["Where is the beak of the bird?", "", " ", "\U0001f426", "eye \ud800 tail", "<0x0A>"];

    private readonly byte[] _content = File.ReadAllBytes(Path.Combine(SampleLlava.Directory, "tokenizer.model"));
    private string _question = "";

    public override void Write(FuzzInput input)
    {
        _question = Choose(Questions, input.Part);
        File.WriteAllBytes(Path.Combine(Folder, "tokenizer.model"), Mutator.Bytes(_content, input.Changes));
    }

    public override void Read()
    {
        TextTokenizer? tokenizer = TextTokenizer.TryOpen(Folder);
        Assert.IsNotNull(tokenizer);
        tokenizer.EncodePrefix(_question);
        tokenizer.EncodeSuffix(_question, 0, Math.Min(1, _question.Length));
    }

    public override bool IsTyped(Exception exception) => exception is CheckpointException or NotSupportedException;
}
