using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetGrounding.MlNet;

/// <summary>What is read of ML.NET past its public surface is where it is looked for.</summary>
[TestClass]
public sealed class HostSettingsTests
{
    [TestMethod]
    public void TheContextsGPUAndFallbackAreFound()
    {
        var ml = new MLContext();
        IHostEnvironment environment = CatalogEnvironment.Of(ml.Transforms);
        Assert.IsNull(HostSettings.GpuDeviceId(environment));
        ml.GpuDeviceId = 3;
        ml.FallbackToCpu = true;
        Assert.AreEqual(3, HostSettings.GpuDeviceId(environment));
        Assert.IsTrue(HostSettings.FallbackToCpu(environment));
        ml.FallbackToCpu = false;
        Assert.IsFalse(HostSettings.FallbackToCpu(environment));
    }

    [TestMethod]
    public void BothCatalogsLeadToTheContextsEnvironment()
    {
        var ml = new MLContext();
        Assert.AreSame(CatalogEnvironment.Of(ml.Transforms), CatalogEnvironment.Of(ml.Data));
    }

    [TestMethod]
    public void ACanceledContextEndsWhatItsHostsDo()
    {
        var ml = new MLContext();
        IHost host = CatalogEnvironment.Of(ml.Transforms).Register("test");
        HostSettings.ThrowIfCanceled(host);
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(ml, null);
        Assert.ThrowsExactly<OperationCanceledException>(() => HostSettings.ThrowIfCanceled(host));
    }
}
