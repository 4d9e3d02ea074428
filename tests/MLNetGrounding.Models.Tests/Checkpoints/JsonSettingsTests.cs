using System.Text;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>What a settings file may hold, and that all else is an error that names file and setting.</summary>
[TestClass]
public sealed class JsonSettingsTests
{
    private const string Path = "config.json";

    private static readonly (string Name, DayOfWeek Value)[] Days = [("mon", DayOfWeek.Monday), ("tue", DayOfWeek.Tuesday)];

    [TestMethod]
    public void ValuesAreRead()
    {
        JsonSettings settings = Of(
            """{"n":3,"x":0.5,"b":true,"t":"a","d":"tue","ns":[1,2],"xs":[0.1,0.2],"ts":["p","q"],"o":{"k":7},"os":[{"k":1},{"k":2}],"nothing":null}"""
        );
        Assert.AreEqual(3, settings.Int("n", 1, 3));
        Assert.AreEqual(9, settings.Int("absent", 1, 3, 9));
        Assert.AreEqual(0.5, settings.PositiveNumber("x", 1));
        Assert.IsTrue(settings.Flag("b", false));
        Assert.AreEqual("a", settings.Text("t"));
        Assert.AreEqual(DayOfWeek.Tuesday, settings.Choice("d", Days));
        Assert.AreEqual(DayOfWeek.Monday, settings.Choice("absent", Days, DayOfWeek.Monday));
        CollectionAssert.AreEqual(new[] { 1, 2 }, settings.TryInts("ns", 0, 9)!.ToArray());
        CollectionAssert.AreEqual(new[] { 3 }, settings.TryIntOrInts("n", 0, 9)!.ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2 }, settings.TryIntOrInts("ns", 0, 9)!.ToArray());
        CollectionAssert.AreEqual(new[] { 0.1, 0.2 }, settings.TryNumbers("xs", 2)!.ToArray());
        CollectionAssert.AreEqual(new[] { "p", "q" }, settings.TryTexts("ts")!.ToArray());
        Assert.AreEqual(7, settings.Section("o").Int("k", 0, 9));
        CollectionAssert.AreEqual(new[] { 1, 2 }, settings.Sections("os").Select(section => section.Int("k", 0, 9)).ToArray());
        Assert.IsFalse(settings.Has("nothing"));
        Assert.IsNull(settings.TrySection("nothing"));
        settings.RefuseUnread();
    }

    [TestMethod]
    [DataRow("""{"n":0}""", "n")]
    [DataRow("""{"n":4}""", "n")]
    [DataRow("""{"n":2.5}""", "n")]
    [DataRow("""{"n":500000000}""", "n")]
    [DataRow("""{"n":99999999999999999999}""", "n")]
    [DataRow("""{"n":"3"}""", "n")]
    [DataRow("{}", "n")]
    public void AWholeNumberOutOfItsRangeIsNamed(string json, string name) => Fails(json, name, settings => settings.Int("n", 1, 3));

    [TestMethod]
    [DataRow("0")]
    [DataRow("-1")]
    [DataRow("1e-60")]
    [DataRow("1e300")]
    [DataRow("\"1\"")]
    [DataRow("true")]
    public void ANumberThatMustBePositiveIsNamed(string value) =>
        Fails(
            "{\"text_config\":{\"rope_theta\":" + value + "}}",
            "text_config.rope_theta",
            settings => settings.Section("text_config").PositiveNumber("rope_theta", 1e4)
        );

    [TestMethod]
    public void ANumberBeyondDoublesIsNamedWhereverItStands() => Fails("""{"a":{"b":[1,[1e400]]}}""", "a.b[1][0]", _ => { });

    [TestMethod]
    [DataRow("[0.5,0.5]")]
    [DataRow("[0.5,0.5,0]")]
    [DataRow("[0.5,0.5,-1]")]
    [DataRow("[0.5,0.5,1e39]")]
    [DataRow("[0.5,0.5,null]")]
    [DataRow("0.5")]
    public void DeviationsMustBePositiveNumbers(string value) =>
        Fails($$"""{"image_std":{{value}}}""", null, settings => settings.TryNumbers("image_std", 3, positive: true));

    [TestMethod]
    public void ANameThatIsNoChoiceIsToldWithTheChoices()
    {
        CheckpointException exception = Fails("""{"d":"wed"}""", "d", settings => settings.Choice("d", Days));
        StringAssert.Contains(exception.Message, "one of mon, tue was expected, found \"wed\"", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("""{"a":1,"a":2}""", "a")]
    [DataRow("""{"o":{"a":1,"\u0061":2}}""", "o.a")]
    [DataRow("""{"x":[{"a":1,"a":1}]}""", "x[0].a")]
    public void AKeyThatIsListedTwiceIsNamed(string json, string name) =>
        StringAssert.Contains(Fails(json, name, _ => { }).Message, "listed twice", StringComparison.Ordinal);

    [TestMethod]
    [DataRow("{")]
    [DataRow("")]
    [DataRow("[]")]
    [DataRow("{\"a\":NaN}")]
    [DataRow("{\"a\":Infinity}")]
    [DataRow("{\"a\":1,}")]
    public void WhatIsNoJsonObjectIsNamed(string json) => Fails(json, null, _ => { });

    [TestMethod]
    public void DeepNestingIsAnErrorAndNoEndOfTheProcess() => Fails(string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), null, _ => { });

    [TestMethod]
    public void AByteOrderMarkIsNoError() =>
        Assert.AreEqual(1, JsonSettings.Of(Path, (byte[])[0xEF, 0xBB, 0xBF, .. "{\"a\":1}"u8]).Int("a", 0, 1));

    [TestMethod]
    [DataRow("lone-surrogate.json", "model_type")]
    [DataRow("invalid-utf8.json", "model_type")]
    public void TextsThatAreNoUnicodeAreNamed(string file, string name)
    {
        string path = TestData.Require("cases/" + file);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => JsonSettings.Open(path));
        Assert.AreEqual(path, exception.FilePath);
        Assert.AreEqual(name, exception.SettingName);
    }

    [TestMethod]
    public void NamesThatAreNoUnicodeAreErrors()
    {
        Fails("""{"o":{"\ud800":1}}""", "o.?", _ => { });
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() =>
            JsonSettings.Of(Path, (byte[])[.. "{\""u8, 0xFF, .. "\":1}"u8])
        );
        Assert.AreEqual("?", exception.SettingName);
    }

    [TestMethod]
    public void TextsInArraysAreChecked() => Fails("""{"a":["ok","\udc00"]}""", "a[1]", _ => { });

    [TestMethod]
    public void ASettingThatNobodyReadsIsNamed()
    {
        JsonSettings settings = Of("""{"known":1,"ignored":2,"nothing":null,"section":{"read":1,"strange_scale":3.5}}""");
        settings.Int("known", 0, 9);
        settings.Ignore("ignored");
        settings.Section("section").Int("read", 0, 9);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(settings.RefuseUnread);
        Assert.AreEqual("section.strange_scale", exception.SettingName);
        StringAssert.Contains(exception.Message, "3.5", StringComparison.Ordinal);
    }

    [TestMethod]
    public void ASectionThatNobodyOpenedIsUnread()
    {
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(Of("""{"section":{}}""").RefuseUnread);
        Assert.AreEqual("section", exception.SettingName);
    }

    [TestMethod]
    [DataRow("\"True\"")]
    [DataRow("1")]
    [DataRow("false")]
    public void ARequiredTruthValueIsNoTextAndNoNumber(string value) =>
        Fails($$"""{"a":{{value}}}""", "a", settings => settings.Require("a", true));

    [TestMethod]
    public void HarmlessKeysOfHuggingFacesConfigurationsAreIgnoredAndOthersAreNot()
    {
        JsonSettings settings = Of(
            """{"architectures":["X"],"torch_dtype":"bfloat16","use_cache":true,"attention_dropout":0.1,"pruned_heads":{},"is_encoder_decoder":false,"logit_softcap":30}"""
        );
        CheckpointSettings.IgnoreCommon(settings);
        Assert.AreEqual("logit_softcap", Assert.ThrowsExactly<CheckpointException>(settings.RefuseUnread).SettingName);
        Fails("""{"is_encoder_decoder":true}""", "is_encoder_decoder", CheckpointSettings.IgnoreCommon);
        Fails("""{"pruned_heads":{"0":[1]}}""", "pruned_heads", CheckpointSettings.IgnoreCommon);
    }

    [TestMethod]
    public void FilesBeyondTheirSizeAreRefusedUnread()
    {
        using TemporaryFolder folder = new();
        string path = System.IO.Path.Combine(folder.Path, Path);
        using (FileStream stream = File.Create(path))
        {
            stream.SetLength(1L << 40);
        }

        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => JsonSettings.Open(path));
        StringAssert.Contains(exception.Message, "1099511627776", StringComparison.Ordinal);
    }

    private static JsonSettings Of(string json) => JsonSettings.Of(Path, Encoding.UTF8.GetBytes(json));

    private static CheckpointException Fails(string json, string? name, Action<JsonSettings> read)
    {
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => read(Of(json)));
        Assert.AreEqual(Path, exception.FilePath);
        if (name is not null)
        {
            Assert.AreEqual(name, exception.SettingName);
        }

        return exception;
    }
}
