// Reader MODEL INPUT OUTPUT [AGAIN]
// Loads MODEL, transforms the rows of INPUT (ML.NET's binary format), writes the result to OUTPUT, and saves the model again to AGAIN.
using Microsoft.ML;

var ml = new MLContext();
try
{
    ITransformer model = ml.Model.Load(args[0], out DataViewSchema schema);
    if (args.Length > 3)
    {
        ml.Model.Save(model, schema, args[3]);
    }

    using FileStream output = File.Create(args[2]);
    ml.Data.SaveAsBinary(model.Transform(ml.Data.LoadFromBinary(args[1])), output);
    (model as IDisposable)?.Dispose();
    return 0;
}
catch (Exception exception)
{
    Exception cause = exception.GetBaseException();
    Console.Error.WriteLine($"{cause.GetType().FullName}: {cause.Message}");
    return 1;
}
