namespace MLNetGrounding.Llava;

/// <summary>Matrices this small are faster on one thread, and test runs share the machine.</summary>
[TestClass]
public static class SingleThread
{
    [AssemblyInitialize]
    public static void Set(TestContext _) => TorchSharp.torch.set_num_threads(1);
}
