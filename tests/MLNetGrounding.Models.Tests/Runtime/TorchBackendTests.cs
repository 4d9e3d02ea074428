namespace MLNetGrounding.Models.Runtime;

[TestClass]
public sealed class TorchBackendTests
{
    [TestMethod]
    [DataRow("linux-x64", "TorchSharp-cpu", "TorchSharp-cuda-linux")]
    [DataRow("win-x64", "TorchSharp-cpu", "TorchSharp-cuda-windows")]
    [DataRow("osx-arm64", "TorchSharp-cpu", null)]
    [DataRow("win-arm64", "TorchSharp-cpu", null)]
    [DataRow("linux-arm64", null, null)]
    [DataRow("osx-x64", null, null)]
    public void TheHintNamesThePackagesThatThePlatformHas(string platform, string? processor, string? graphics)
    {
        string hint = TorchBackend.Hint(platform, "1.2.3");
        Assert.AreEqual(
            processor is not null,
            hint.Contains("dotnet add package TorchSharp-cpu --version 1.2.3", StringComparison.Ordinal),
            hint
        );
        Assert.AreEqual(graphics is not null, hint.Contains("TorchSharp-cuda-", StringComparison.Ordinal), hint);
        if (graphics is not null)
        {
            Assert.Contains(graphics, hint);
        }
    }
}
