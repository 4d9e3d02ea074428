namespace MLNetGrounding;

/// <summary>Why a model could not be had from a hub.</summary>
public enum ModelHubError
{
    /// <summary>The hub cannot be reached or has a fault, and the cache lacks files.</summary>
    Unreachable,

    /// <summary>What answered is no hub of models: a portal, a proxy, or a wrong endpoint.</summary>
    NotAHub,

    /// <summary>A variable forbids to use the network, and the cache lacks files.</summary>
    Offline,

    /// <summary>There is no such model, or it is private and no valid token was sent.</summary>
    ModelNotFound,

    /// <summary>The model has no such branch, tag or commit.</summary>
    RevisionNotFound,

    /// <summary>The revision lacks a file that is needed.</summary>
    FileNotFound,

    /// <summary>The model's terms must be accepted first.</summary>
    Gated,

    /// <summary>The hub does not take the token.</summary>
    TokenRefused,

    /// <summary>The hub refuses access for another reason.</summary>
    Refused,

    /// <summary>The model holds no weights that can be read here.</summary>
    Unusable,

    /// <summary>A file did not arrive as the hub describes it: its size or its hash is another.</summary>
    Damaged,

    /// <summary>The disk has no room for the files.</summary>
    DiskFull,

    /// <summary>The cache folder cannot be written.</summary>
    Cache,
}
