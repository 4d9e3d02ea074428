namespace MLNetGrounding;

/// <summary>
/// A checkpoint folder that cannot be opened: a file is missing, damaged, or describes a model that is not implemented here.
/// </summary>
/// <remarks>The message names the file and, where one is at fault, the tensor or setting, what was expected and what was found.</remarks>
public sealed class CheckpointException : Exception
{
    /// <summary>Creates the exception for a file.</summary>
    /// <param name="filePath">The file at fault.</param>
    /// <param name="problem">What was expected and what was found.</param>
    /// <param name="tensorName">The tensor at fault, or <see langword="null"/> when the file as a whole is.</param>
    /// <param name="innerException">The cause, if another exception was it.</param>
    public CheckpointException(string filePath, string problem, string? tensorName = null, Exception? innerException = null)
        : base(tensorName is null ? $"{filePath}: {problem}" : $"{filePath}: tensor '{tensorName}': {problem}", innerException)
    {
        FilePath = filePath;
        TensorName = tensorName;
    }

    /// <summary>The exception for one setting of a file.</summary>
    internal static CheckpointException OfSetting(string filePath, string settingName, string problem, Exception? cause = null) =>
        new(filePath, $"'{settingName}': {problem}.", innerException: cause) { SettingName = settingName };

    /// <summary>The exception for a file that the system does not let us read.</summary>
    internal static CheckpointException Unreadable(string filePath, Exception cause) =>
        new(filePath, $"cannot be read: {cause.Message}", innerException: cause);

    /// <summary>The file at fault.</summary>
    public string FilePath { get; }

    /// <summary>The tensor at fault, or <see langword="null"/>.</summary>
    public string? TensorName { get; }

    /// <summary>
    /// The setting at fault with the names of the objects around it, such as <c>text_config.rope_theta</c>, or <see langword="null"/>.
    /// </summary>
    public string? SettingName { get; private init; }
}
