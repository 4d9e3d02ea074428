namespace MLNetGrounding.Fuzz;

/// <summary>Tokenizer files, and a text put through those that can be read.</summary>
internal sealed class TokenizerTarget : FuzzTarget
{
    private static readonly string[] Texts =
    [
        "Where is the beak of the bird?",
        "",
        " ",
        "\U0001f426",
        "eye \ud800 tail",
        "<0x0A><s>",
        new('a', 2000),
    ];

    private readonly (string Name, byte[] Content)[] _files =
    [
        ("tokenizer.model", File.ReadAllBytes(Path.Combine(SampleLlava.Directory, "tokenizer.model"))),
        ("tokenizer.json", TokenizerFiles.ByteLevel()),
        ("tokenizer.json", TokenizerFiles.ByteFallback()),
    ];

    private string _text = "";

    public TokenizerTarget()
    {
        foreach ((string name, byte[] content) in _files)
        {
            Put(name, content);
            _text = Texts[0];
            Read();
        }
    }

    public override void Write(FuzzInput input)
    {
        _text = Choose(Texts, input.Part);
        (string name, byte[] content) = Choose(_files, input.Seed);
        Put(name, name == "tokenizer.json" ? Mutator.Text(content, input.Changes) : Mutator.Bytes(content, input.Changes));
    }

    public override void Read()
    {
        var tokenizer = TextTokenizer.TryOpen(Folder);
        Assert.IsNotNull(tokenizer);
        foreach (bool special in (bool[])[true, false])
        {
            TokenizedText tokens = tokenizer.Encode(_text, special, cutAddedTokens: special);
            tokenizer.Decode(tokens.Tokens.Select(token => token.Id), special);
        }
    }

    public override bool IsTyped(Exception exception) => exception is CheckpointException;

    private void Put(string name, byte[] content)
    {
        File.Delete(Path.Combine(Folder, "tokenizer.json"));
        File.WriteAllBytes(Path.Combine(Folder, name), content);
    }
}
