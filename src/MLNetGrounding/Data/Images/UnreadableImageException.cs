namespace MLNetGrounding.Data.Images;

/// <summary>Why there is no image in a file; the message goes on after the file's name.</summary>
internal sealed class UnreadableImageException(string predicate) : Exception(predicate);
