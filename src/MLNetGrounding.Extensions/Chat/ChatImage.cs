using Microsoft.Extensions.AI;
using Microsoft.ML.Data;

namespace MLNetGrounding.Extensions.Chat;

/// <summary>Decodes the image of a message.</summary>
internal static class ChatImage
{
    /// <summary>Refuses what holds no image that could be had; nothing is read yet.</summary>
    /// <exception cref="NotSupportedException">It is no image, or lies elsewhere.</exception>
    public static void Require(AIContent content, bool localFiles)
    {
        (string mediaType, bool isImage) = content switch
        {
            DataContent data => (data.MediaType, data.HasTopLevelMediaType("image")),
            UriContent address => (address.MediaType, address.HasTopLevelMediaType("image")),
            _ => ("", false),
        };
        if (!isImage)
        {
            throw new NotSupportedException(
                $"A message holds data of the type '{mediaType}'; an image, such as 'image/jpeg', was expected."
            );
        }

        if (content is not UriContent { Uri: var uri })
        {
            return;
        }

        if (!uri.IsAbsoluteUri || !uri.IsFile || uri.IsUnc)
        {
            throw new NotSupportedException(
                $"The image at {Shown(uri)} does not lie on this machine, and nothing is fetched from elsewhere. Fetch it yourself and give its bytes as {nameof(DataContent)}."
            );
        }

        if (!localFiles)
        {
            throw new NotSupportedException(
                $"A message names the file {uri.LocalPath}, and {nameof(GroundingChatClientOptions)}.{nameof(GroundingChatClientOptions.LocalFiles)} is off. Set it where all messages can be trusted, or give the image's bytes as {nameof(DataContent)}."
            );
        }
    }

    /// <summary>Decodes it.</summary>
    /// <exception cref="InvalidDataException">It cannot be read or decoded; the message says why.</exception>
    public static RgbImage Load(AIContent content, ImageLoadingOptions options)
    {
        using MLImage image = content is DataContent data
            ? FromBytes(data, options)
            : ImageFile.Load(((UriContent)content).Uri.LocalPath, options);
        return ImageFile.ToRgb(image);
    }

    private static MLImage FromBytes(DataContent data, ImageLoadingOptions options)
    {
        using var stream = new MemoryStream(data.Data.ToArray(), writable: false);
        return ImageFile.Load(stream, options);
    }

    private static string Shown(Uri uri) => uri.OriginalString is { Length: > 200 } text ? text[..200] + "…" : uri.OriginalString;
}
