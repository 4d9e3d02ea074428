using MLNetGrounding.Models.Hub;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Tests.Hub;

[TestClass]
public sealed class HubSettingsTests
{
    [TestMethod]
    [DataRow("", null)]
    [DataRow("HF_HUB_OFFLINE=1", "HF_HUB_OFFLINE")]
    [DataRow("HF_HUB_OFFLINE=On", "HF_HUB_OFFLINE")]
    [DataRow("HF_HUB_OFFLINE=0", null)]
    [DataRow("TRANSFORMERS_OFFLINE=YES", "TRANSFORMERS_OFFLINE")]
    [DataRow("HF_HUB_OFFLINE=0 TRANSFORMERS_OFFLINE=1", null)]
    [DataRow("HF_HUB_OFFLINE= TRANSFORMERS_OFFLINE=true", "TRANSFORMERS_OFFLINE")]
    public void OfflineIsSaidByTheFirstVariableThatHasAValue(string variables, string? expected) =>
        Assert.AreEqual(expected, Read(variables).OfflineVariable);

    [TestMethod]
    [DataRow("", "https://huggingface.co")]
    [DataRow("HF_ENDPOINT=https://mirror.example/hub/", "https://mirror.example/hub")]
    public void TheEndpointHasNoSlashAtItsEnd(string variables, string expected) => Assert.AreEqual(expected, Read(variables).Endpoint);

    [TestMethod]
    [DataRow("HF_ENDPOINT=mirror.example")]
    [DataRow("HF_ENDPOINT=file:///etc")]
    [DataRow("HF_ENDPOINT=https://user:word@mirror.example")]
    [DataRow("HF_TOKEN=two\nlines")]
    public void WhatCannotBeMeantIsRefused(string variables) => Assert.ThrowsExactly<ArgumentException>(() => Read(variables));

    [TestMethod]
    [DataRow("", 10)]
    [DataRow("HF_HUB_DOWNLOAD_TIMEOUT=30", 30)]
    [DataRow("HF_HUB_DOWNLOAD_TIMEOUT=0", 10)]
    [DataRow("HF_HUB_DOWNLOAD_TIMEOUT=soon", 10)]
    public void TimeoutsAreWholeSeconds(string variables, int expected) =>
        Assert.AreEqual(TimeSpan.FromSeconds(expected), Read(variables).BodyTimeout);

    [TestMethod]
    public void TokensComeFromTheOptionThenVariablesThenTheFile()
    {
        using TemporaryFolder home = new();
        home.Write("token", " \tfile \n\n");
        string folder = $"HF_HOME={home.Path}";
        Assert.AreEqual("file", Read(folder).Token?.Value);
        Assert.AreEqual("old", Read($"{folder} HUGGING_FACE_HUB_TOKEN=old").Token?.Value);
        Assert.AreEqual("new", Read($"{folder} HUGGING_FACE_HUB_TOKEN=old HF_TOKEN=new").Token?.Value);
        Assert.AreEqual("given", Read($"{folder} HF_TOKEN=new", "given").Token?.Value);
        Assert.IsNull(Read($"{folder} HF_TOKEN=new", "").Token);
        Assert.IsNull(Read($"{folder} HF_TOKEN=new HF_HUB_DISABLE_IMPLICIT_TOKEN=1").Token);
        Assert.AreEqual("given", Read("HF_HUB_DISABLE_IMPLICIT_TOKEN=1", "given").Token?.Value);
        Assert.DoesNotContain("new", Read($"{folder} HF_TOKEN=new").Token!.ToString());
    }

    [TestMethod]
    [DataRow("https://hub.example/a", true)]
    [DataRow("https://HUB.example/a", true)]
    [DataRow("http://hub.example/a", false)]
    [DataRow("https://hub.example:444/a", false)]
    [DataRow("https://hub.example.evil/a", false)]
    [DataRow("https://huggingface.co/a", true)]
    [DataRow("https://hf.co/a", true)]
    [DataRow("http://huggingface.co/a", false)]
    [DataRow("https://cdn.hf.co/a", false)]
    public void TheTokenGoesToTheHubAlone(string address, bool expected) =>
        Assert.AreEqual(expected, new HubAddress("https://hub.example").IsOwn(new Uri(address)));

    [TestMethod]
    [DataRow("https://h/a", "/b?c=%22d%22&e=%2F", "https://h/b?c=%22d%22&e=%2F")]
    [DataRow("https://h/a", "https://s/b%7Ec?Signature=%2b", "https://s/b%7Ec?Signature=%2b")]
    [DataRow("https://h/a/b", "c", "https://h/a/c")]
    [DataRow("https://h/a", "//s/b", "https://s/b")]
    [DataRow("https://h/a", "http://s/b", null)]
    [DataRow("https://h/a", "file:///etc/passwd", null)]
    [DataRow("http://h/a", "http://s/b", "http://s/b")]
    public void RedirectsAreFollowedAsTheyAreWritten(string from, string location, string? expected)
    {
        Uri? target = HubAddress.Follow(new Uri(from), location);
        Assert.AreEqual(expected, target is null ? null : target.GetLeftPart(UriPartial.Authority) + target.PathAndQuery);
    }

    [TestMethod]
    public void AddressesQuoteWhatIsSpecial()
    {
        HubAddress address = new("https://h");
        Assert.AreEqual("/api/models/a/b/revision/refs%2Fpr%2F1", address.Info("a/b", "refs/pr/1").PathAndQuery);
        Assert.AreEqual(
            "/a/b/resolve/c/notes/read%20me%20%231%20%2850%25%29.txt",
            address.File("a/b", "c", "notes/read me #1 (50%).txt").PathAndQuery
        );
    }

    private static HubSettings Read(string variables, string? token = null)
    {
        var environment = variables
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(item => item.Split('=', 2))
            .ToDictionary(item => item[0], item => item[1]);
        return HubSettings.Read(new ModelHubOptions { Token = token }, environment.GetValueOrDefault, "/nobody");
    }
}
