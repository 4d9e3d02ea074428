using System.Globalization;
using MLNetGrounding.Samples.Cars;
using MLNetGrounding.Samples.Dataset;
using MLNetGrounding.Samples.Drawing;
using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding;

/// <summary>
/// Draws cars with annotated parts: images that are no birds, for pipelines that are to work with anything.
/// </summary>
/// <remarks>
/// Each seed draws one car, and the same seed and options give the same decoded pixels. Its ten parts have colors of their own.
/// </remarks>
public static class SampleCars
{
    private const string ImageFolder = "images";
    private const string AnnotationFile = "annotations.json";

    /// <summary>
    /// Gets the words for the parts: wheel, door, window, light, roof, body, bumper, mirror, hood and trunk. The whole is a "car".
    /// </summary>
    public static IReadOnlyList<string> Words => CarAnatomy.PartNames;

    /// <summary>
    /// Gets the names of the key points: "front wheel", "rear wheel" and so on.
    /// </summary>
    public static IReadOnlyList<string> KeyPointNames => CarAnatomy.KeyPointNames;

    /// <summary>
    /// Gets for each of <see cref="Words"/> the indices of its key points.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<int>> KeyPointTable { get; } =
        CarAnatomy.PartNames.ToDictionary(
            word => word,
            IReadOnlyList<int> (word) =>
                [
                    .. Enum.GetValues<CarRegion>()
                        .Where(region => CarAnatomy.PartNames[(int)CarAnatomy.PartOf(region)] == word)
                        .Select(region => (int)region),
                ],
            StringComparer.Ordinal
        );

    /// <summary>
    /// Writes images into the folder <c>images</c>, and beside it <c>annotations.json</c>, which holds boxes and key points in the form of
    /// COCO.
    /// </summary>
    /// <param name="directory">The folder to write to. It must be absent or empty.</param>
    /// <param name="options">The options, or <see langword="null"/> for the defaults.</param>
    /// <returns>The cars, ready to be loaded as rows.</returns>
    /// <exception cref="ArgumentException"><paramref name="directory"/> is <see langword="null"/> or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="IOException"><paramref name="directory"/> is not empty, or a file cannot be written.</exception>
    public static IReadOnlyList<SampleCar> Write(string directory, SampleCarsOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= new SampleCarsOptions();
        var dataset = new DatasetOptions(options.Seeds, options.Count, options.MinimumSize, options.MaximumSize, options.Difficulty);
        string root = DatasetOptions.NewFolder(directory, "cars");
        string images = Directory.CreateDirectory(Path.Combine(root, ImageFolder)).FullName;
        using var renderer = new SampleCarRenderer();
        var annotations = new CocoAnnotations("car", CarAnatomy.KeyPointNames);
        var cars = new List<SampleCar>();
        for (int index = 0; index < dataset.Count; index++)
        {
            (ulong seed, int width, int height) = dataset.Image(index);
            DrawnCar car = renderer.Render(
                seed,
                new SampleCarOptions
                {
                    Width = width,
                    Height = height,
                    Difficulty = dataset.Difficulty,
                }
            );
            string path = Path.Combine(images, string.Create(CultureInfo.InvariantCulture, $"sample_{index:000000}.png"));
            PngFile.WriteRgb(path, car.Rgb, width, height);
            annotations.Add($"{ImageFolder}/{Path.GetFileName(path)}", car);
            cars.Add(Row(path, car));
        }

        annotations.Write(Path.Combine(root, AnnotationFile));
        return cars;
    }

    private static SampleCar Row(string path, DrawnCar car) =>
        new()
        {
            ImagePath = path,
            BoundingBox = Numbers(car.BoundingBox),
            KeyPoints = [.. car.KeyPoints.SelectMany(point => new float[] { point.X, point.Y })],
            KeyPointVisible = [.. car.KeyPoints.Select(point => point.Visible ? 1f : 0f)],
            KeyPointBoxes = [.. car.RegionBoxes.SelectMany(Numbers)],
            Colors = [.. car.Parts.Select(part => part.Visible ? part.ColorName : "")],
        };

    private static float[] Numbers(SampleBox box) => [box.X, box.Y, box.Width, box.Height];
}
