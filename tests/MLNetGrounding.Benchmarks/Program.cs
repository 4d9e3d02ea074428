using System.Runtime.CompilerServices;
using MLNetGrounding;
using MLNetGrounding.Benchmarks;

// Loading the library prepares TorchSharp, whose first touch must not come before.
RuntimeHelpers.RunModuleConstructor(typeof(VisionLanguageModel).Module.ModuleHandle);
Dictionary<string, (string What, Action Print)> tables = new()
{
    ["maths"] = (
        "head selection, rollout, aggregation and scores against their naive twins (BenchmarkDotNet, 2 minutes)",
        MathsTable.Print
    ),
    ["tensors"] = ("inner loops of the maths against TensorPrimitives (10 seconds)", TensorsTable.Print),
    ["heads"] = ("what a report's table of all heads costs an image (20 seconds)", HeadSumsTable.Print),
    ["python"] = (
        "the same maths by the NumPy and SciPy statement of the method, where GROUNDING_DATA and PYTHON lead to them (1 minute)",
        PythonTable.Print
    ),
    ["capture"] = ("one packed pass against an eager forward per query, 24 x 24 cells, small model (2 minutes)", CaptureTable.PrintSmall),
    ["billion"] = (
        "the same with a billion parameters, and what capturing adds to the forward pass (8 minutes)",
        CaptureTable.PrintBillion
    ),
    ["peers"] = ("token activation maps and sinks beside a plain capture, two small models (2 minutes)", ActivationTable.Print),
    ["answers"] = ("tokens a second of answers against reading everything anew for each token, small model (1 minute)", AnswersTable.Print),
    ["growth"] = ("how cost grows with queries and image tokens (5 minutes)", GrowthTable.Print),
    ["pipeline"] = (
        "image files to scores, with and without reading ahead, and the share of time outside the model (4 minutes)",
        PipelineTable.Print
    ),
    ["pictures"] = ("overlays, their sheet and a figure, drawn and written naively and our way (20 seconds)", PicturesTable.Print),
    ["seven"] = ("memory and time of a model of LLaVA 1.5 7B's shape, 14 GB on disk, twice (10 minutes)", SevenBillionTable.Print),
    ["cuda"] = (
        "a CUDA device against the CPU, and LLaVA 1.5 7B's shape on it (3 minutes; build with -p:TorchBackend=cuda)",
        CudaTable.Print
    ),
};
if (args is ["laptop", .. string[] rest])
{
    Console.WriteLine(Machine.Description + "\n");
    return LaptopTable.Print(rest);
}

if (args.Length == 0 || args.Any(name => !tables.ContainsKey(name)))
{
    Console.WriteLine("Usage: dotnet run -c Release --project tests/MLNetGrounding.Benchmarks -- TABLE...\n");
    foreach ((string name, (string what, _)) in tables)
    {
        Console.WriteLine($"  {name, -9}{what}");
    }

    Console.WriteLine($"\nor alone: {LaptopTable.Usage}, models of a laptop's size at their published shapes (up to 8 GB on disk)");

    return args.Length == 0 ? 0 : 1;
}

Console.WriteLine(Machine.Description + "\n");
foreach (string name in args)
{
    tables[name].Print();
}

return 0;
