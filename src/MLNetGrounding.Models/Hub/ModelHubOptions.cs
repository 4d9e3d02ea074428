namespace MLNetGrounding;

/// <summary>Where models come from and go to; what is left out follows the variables that Hugging Face's own tools read.</summary>
public sealed record ModelHubOptions
{
    /// <summary>A branch, a tag, or the 40 digits of a commit. Default <c>main</c>.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>
    /// The cache folder. Default: <c>HF_HUB_CACHE</c>, else <c>HUGGINGFACE_HUB_CACHE</c>, else <c>hub</c> in <c>HF_HOME</c>, which is by
    /// default <c>huggingface</c> in <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>The hub's address. Default: <c>HF_ENDPOINT</c>, else <c>https://huggingface.co</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>
    /// The token that is sent to the hub, and to no other server; an empty one sends none. Default: <c>HF_TOKEN</c>, else
    /// <c>HUGGING_FACE_HUB_TOKEN</c>, else the file that <c>HF_TOKEN_PATH</c> names, else <c>token</c> in <c>HF_HOME</c>; none of them
    /// where <c>HF_HUB_DISABLE_IMPLICIT_TOKEN</c> is set.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>How many files are downloaded at a time, from 1. Default 8.</summary>
    public int Connections { get; init; } = 8;
}
