using MLNetGrounding;
using MLNetGrounding.Data.Coco;
using MLNetGrounding.Data.Cub;
using MLNetGrounding.Data.Files;
using MLNetGrounding.Data.Points;

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
    /// <param name="directory">The folder <c>CUB_200_2011</c>, which holds <c>images.txt</c>, or the one that holds this folder.</param>
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
    /// <param name="directory">The folder <c>CUB_200_2011</c>, which holds <c>images.txt</c>, or the one that holds this folder.</param>
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
    /// sample birds have them in <c>part_masks/</c>, has their paths in <c>PartMaskPath</c> (text). With CUB's <c>segmentations/</c> inside
    /// the folder or beside it, the masks of whole objects are in <c>ObjectMaskPath</c> (text; empty for an image without one).
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

    /// <summary>Loads key points of COCO's form. Images are looked for, but not opened.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="annotationsPath">
    /// A JSON file with <c>images</c> (<c>id</c>, <c>file_name</c>), <c>categories</c> (<c>id</c>, <c>name</c>, and the points' names in
    /// <c>keypoints</c>) and <c>annotations</c> (<c>id</c>, <c>image_id</c>, <c>category_id</c>, <c>keypoints</c>: x, y and v of each point;
    /// where they are there <c>bbox</c>, <c>area</c> and <c>iscrowd</c>). Of v, 0 is not labeled, 1 hidden, 2 visible. All else is passed over.
    /// </param>
    /// <param name="imageDirectory">The folder that <c>file_name</c> is below.</param>
    /// <param name="options">Which rows to load. Default: the defaults of <see cref="CocoLoaderOptions"/>.</param>
    /// <returns>
    /// A view that can be shuffled, one row per image in the order of <c>images</c>, with the columns <c>ImageId</c> (text),
    /// <c>ImagePath</c> (text, absolute), <c>Label</c> (text: the category's name), <c>BoundingBox</c> <c>[4]</c> (x, y, width and height in
    /// pixels; NaN without <c>bbox</c>), <c>KeyPoints</c> <c>[points, 2]</c> (x and y in pixels; annotated with a
    /// <see cref="KeyPointDescription"/>) and <c>KeyPointVisible</c> <c>[points]</c> (1 or 0). The points are those of all categories, each
    /// name once, with blanks for underscores.
    /// </returns>
    /// <remarks>
    /// Images without an annotation of a category that names points have no row; crowds are no annotation. Annotations of images that are
    /// not listed are passed over. An image that is listed but does not exist is skipped, and <see cref="MLContext.Log"/> gets a warning
    /// with the number of such images; where none exists that is an error.
    /// </remarks>
    /// <exception cref="DirectoryNotFoundException">The folder of images does not exist.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist, or none of the images does.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no JSON of this form (the message says the file and the line, or the id of what is wrong), an id occurs twice, an image's
    /// path leaves the folder, or a link leads out of it and <see cref="CocoLoaderOptions.FollowLinks"/> is not set.
    /// </exception>
    /// <exception cref="InvalidOperationException">No image has an annotation to load.</exception>
    /// <exception cref="ArgumentException">A category or a point of the options does not exist, or the limit is less than 1.</exception>
    public static IDataView LoadCocoKeyPoints(
        this DataOperationsCatalog catalog,
        string annotationsPath,
        string imageDirectory,
        CocoLoaderOptions? options = null
    ) => CocoLoader.Load(catalog, annotationsPath, imageDirectory, options ?? new CocoLoaderOptions());

    /// <summary>Loads key points and boxes of a CSV file. Images are looked for, but not opened.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="path">
    /// A CSV file with a header and a line for each point: <c>image</c> (a path below the folder of images), <c>point</c> (its name),
    /// <c>x</c> and <c>y</c> (pixels of the original image); and where the file has them <c>visible</c> (1 or 0; default 1 for a point with a
    /// place), <c>word</c> (the words that the point counts for, separated by semicolons) and <c>label</c> (what the image shows). A line
    /// without a point and with <c>width</c> and <c>height</c> is the object's box. Columns may stand in any order; others are passed over.
    /// Fields with commas, quotes or line breaks are quoted (RFC 4180).
    /// </param>
    /// <param name="options">Which rows to load. Default: the defaults of <see cref="KeyPointFileOptions"/>.</param>
    /// <returns>
    /// A view that can be shuffled, one row per image in the order in which the file names them first, with the columns <c>ImageId</c>
    /// (text: the image as the file names it), <c>ImagePath</c> (text, absolute), <c>Label</c> (text), <c>BoundingBox</c> <c>[4]</c> (NaN
    /// without one), <c>KeyPoints</c> <c>[points, 2]</c> (annotated with a <see cref="KeyPointDescription"/>) and <c>KeyPointVisible</c>
    /// <c>[points]</c> (1 or 0; 0 for a point that the file does not have of the image).
    /// </returns>
    /// <remarks>
    /// An image that does not exist is skipped, and <see cref="MLContext.Log"/> gets a warning with the number of such images; where none
    /// exists that is an error.
    /// </remarks>
    /// <exception cref="DirectoryNotFoundException">The folder of images does not exist.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist, or none of the images does.</exception>
    /// <exception cref="InvalidDataException">
    /// A line is malformed (the message says file and line), a column is missing, a point or box of an image occurs twice, an image's path
    /// leaves the folder, or a link leads out of it and <see cref="KeyPointFileOptions.FollowLinks"/> is not set.
    /// </exception>
    /// <exception cref="ArgumentException">A point of the options does not exist, or the limit is less than 1.</exception>
    public static IDataView LoadKeyPoints(this DataOperationsCatalog catalog, string path, KeyPointFileOptions? options = null) =>
        KeyPointFileLoader.Load(catalog, path, options ?? new KeyPointFileOptions());
}
