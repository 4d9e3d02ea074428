using MLNetGrounding;
using MLNetGrounding.Data.Cub;
using MLNetGrounding.Data.Files;

namespace Microsoft.ML;

/// <summary>Loads data sets of grounded images: methods of <c>mlContext.Data</c>.</summary>
public static class GroundingDataCatalog
{
    /// <summary>Lists image files: those of a folder, those that a pattern fits, or those of a CSV file. Images are not opened.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="source">
    /// A folder, whose folders are looked through too; a pattern such as <c>photos/**/*.jpg</c> (<c>*</c>: any text, <c>**</c>: any
    /// folders); a file that ends in <c>.csv</c>, with a column of paths, which may be relative to the file's folder; or one image.
    /// </param>
    /// <param name="options">Which files. Default: the defaults of <see cref="ImageFilesOptions"/>.</param>
    /// <returns>
    /// A view that can be shuffled, one row a file, with the column <c>ImagePath</c> (text, absolute). Of folders and patterns, in the
    /// order of the paths, with <c>Label</c> (text: the name of the folder that the file lies in, empty for files of the source itself); of
    /// a CSV file, in its order, with its other columns (text).
    /// </returns>
    /// <remarks>
    /// Hidden files are left out, and links to folders are not followed. A file that a CSV file names and that does not exist stays a row,
    /// whose image is missing: it costs no other row.
    /// </remarks>
    /// <exception cref="FileNotFoundException">The source does not exist, or no image is found.</exception>
    /// <exception cref="InvalidDataException">A CSV file has no column of paths, or a record has another number of fields than the
    /// first.</exception>
    /// <exception cref="ArgumentException">The limit is less than 1.</exception>
    public static IDataView LoadImageFiles(this DataOperationsCatalog catalog, string source, ImageFilesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return ImageFileList.Load(source, options ?? new ImageFilesOptions());
    }

    /// <summary>Loads the annotations of CUB-200-2011 as it is on disk after unpacking. Images are looked for, but not opened.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="directory">The folder <c>CUB_200_2011</c>, which holds <c>images.txt</c>.</param>
    /// <param name="split">Which rows of the train/test split to load. Default: all.</param>
    /// <param name="classes">Which classes, by number or name; see <see cref="CubLoaderOptions.Classes"/>. Default: all.</param>
    /// <param name="limit">The largest number of rows; see <see cref="CubLoaderOptions.Limit"/>. Default: no limit.</param>
    /// <inheritdoc cref="LoadCub(DataOperationsCatalog, string, CubLoaderOptions)" path="/returns|/remarks|/exception"/>
    public static IDataView LoadCub(
        this DataOperationsCatalog catalog,
        string directory,
        CubSplit split = CubSplit.All,
        IReadOnlyCollection<string>? classes = null,
        int? limit = null
    ) =>
        LoadCub(
            catalog,
            directory,
            new CubLoaderOptions
            {
                Split = split,
                Classes = classes,
                Limit = limit,
            }
        );

    /// <summary>Loads the annotations of CUB-200-2011 as it is on disk after unpacking. Images are looked for, but not opened.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="directory">The folder <c>CUB_200_2011</c>, which holds <c>images.txt</c>.</param>
    /// <param name="options">Which rows to load.</param>
    /// <returns>
    /// A view that can be shuffled, one row per image in the order of <c>images.txt</c>, with the columns
    /// <c>ImageId</c> and <c>ClassId</c> (integers as CUB writes them), <c>ImagePath</c> (text, absolute),
    /// <c>Species</c> (text, as <c>classes.txt</c> writes it), <c>IsTrain</c> (Boolean),
    /// <c>BoundingBox</c> <c>[4]</c> (x, y, width and height in pixels; some boxes run past the image's edge),
    /// <c>KeyPoints</c> <c>[15, 2]</c> (x and y in pixels, in the order of <see cref="CubParts.KeyPointNames"/>; annotated with
    /// <see cref="CubParts.Description"/>, which says what the ten attributes are scored on),
    /// <c>KeyPointVisible</c> <c>[15]</c> (1 or 0) and, where <c>attributes/class_attribute_labels_continuous.txt</c> is there,
    /// <c>ClassAttributes</c> <c>[312]</c> (per cent of the annotators, the same for all images of a class). Data with part masks, as the
    /// sample birds have them in <c>part_masks/</c>, has their paths in <c>PartMaskPath</c> (text).
    /// </returns>
    /// <remarks>
    /// An image that is listed but does not exist is skipped, and <see cref="MLContext.Log"/> gets a warning with the number of such
    /// images; where none of the chosen ones exists that is an error. Image ids may have gaps. A key point without a line is not visible.
    /// Lines of images that <c>images.txt</c> does not list are passed over, so that shortening that file is enough to make a subset. Blank
    /// lines and either line ending are accepted.
    /// </remarks>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="FileNotFoundException">A file of the data set does not exist, or none of the chosen images does.</exception>
    /// <exception cref="InvalidDataException">
    /// A line is malformed (the message says file, line number and what was expected), an id occurs twice, an image has no line in one of
    /// the files, an image's path leaves the folder, or a link leads out of it and <see cref="CubLoaderOptions.FollowLinks"/> is not set.
    /// </exception>
    /// <exception cref="InvalidOperationException">No image passes the filters.</exception>
    /// <exception cref="ArgumentException">A class of the filter does not exist, or the limit is less than 1.</exception>
    public static IDataView LoadCub(this DataOperationsCatalog catalog, string directory, CubLoaderOptions options) =>
        CubLoader.Load(catalog, directory, options);
}
