namespace MLNetGrounding;

/// <summary>
/// Finds the tiny LLaVA that comes with this library: the architecture and files of LLaVA 1.5, trained on drawn birds and cars to
/// name the colors of their parts, without ever being told where the parts are.
/// </summary>
/// <remarks>
/// It is opened like any other checkpoint, <c>VisionLanguageModel.Load(SampleLlava.Directory)</c>. It was trained on the words <c>beak</c>,
/// <c>belly</c>, <c>breast</c>, <c>head</c>, <c>wing</c>, <c>eye</c>, <c>tail</c>, <c>throat</c>, <c>back</c> and <c>leg</c>, and with
/// the coarse word <c>bird</c>; on those of <see cref="SampleCars.Words"/>, with the coarse word <c>car</c>: where it looks for others
/// means nothing. It answers "What color is the beak?" in one word. How it was trained, and how well it answers, is told in
/// <c>examples/TrainSampleLlava</c> of the repository.
/// </remarks>
public static class SampleLlava
{
    private const string FolderName = "sample-llava";

    /// <summary>
    /// Gets the full path of the checkpoint folder, which is copied to the output of every project that references this library.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">The folder is neither beside the application nor beside this library.</exception>
    public static string Directory
    {
        get
        {
            string besideApplication = Path.Combine(AppContext.BaseDirectory, FolderName);
            if (System.IO.Directory.Exists(besideApplication))
            {
                return besideApplication;
            }

            string? library = Path.GetDirectoryName(typeof(SampleLlava).Assembly.Location);
            string besideLibrary = Path.Combine(string.IsNullOrEmpty(library) ? AppContext.BaseDirectory : library, FolderName);
            return System.IO.Directory.Exists(besideLibrary)
                ? besideLibrary
                : throw new DirectoryNotFoundException(
                    $"The sample checkpoint was expected in '{besideApplication}'. Copy the folder '{FolderName}' of MLNetGrounding.Samples there; a reference to the library does so when a project is built."
                );
        }
    }
}
