using System.Runtime.CompilerServices;

namespace MLNetGrounding.Testing;

/// <summary>The tests' matrices are small: one thread is faster, and test assemblies run side by side.</summary>
[TestClass]
public static class SingleThread
{
    [AssemblyInitialize]
    public static void Set(TestContext _)
    {
        // Loading the library prepares TorchSharp, whose first touch must not come before.
        RuntimeHelpers.RunModuleConstructor(typeof(VisionLanguageModel).Module.ModuleHandle);
        TorchSharp.torch.set_num_threads(1);
    }
}
