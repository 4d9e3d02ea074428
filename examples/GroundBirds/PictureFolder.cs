using System.Text.RegularExpressions;

namespace GroundBirds;

/// <summary>A folder of pictures: for an image a file, a folder of files, or both, named after its number and file.</summary>
internal static partial class PictureFolder
{
    /// <summary>Deletes the pictures of an earlier run; what else lies in the folder stays.</summary>
    public static void Clear(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        DeletePictures(directory, file => PictureName().IsMatch(Path.GetFileName(file)));
        foreach (string folder in Directory.GetDirectories(directory).Where(folder => PictureName().IsMatch(Path.GetFileName(folder))))
        {
            DeletePictures(folder, _ => true);
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }

    private static void DeletePictures(string directory, Predicate<string> isOwn)
    {
        foreach (string file in Directory.GetFiles(directory, "*.png").Where(file => isOwn(file)))
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"^\d{5,}-")]
    private static partial Regex PictureName();
}
