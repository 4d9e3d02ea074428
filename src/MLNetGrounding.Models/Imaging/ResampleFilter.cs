namespace MLNetGrounding.Models.Imaging;

/// <summary>How pixels are weighted when an image is resized; the values are Pillow's numbers, which checkpoints state.</summary>
internal enum ResampleFilter
{
    /// <summary>A sinc windowed over three pixels to each side.</summary>
    Lanczos = 1,

    /// <summary>A triangle over one pixel to each side.</summary>
    Bilinear = 2,

    /// <summary>Keys' cubic with a = -0.5 over two pixels to each side.</summary>
    Bicubic = 3,
}
