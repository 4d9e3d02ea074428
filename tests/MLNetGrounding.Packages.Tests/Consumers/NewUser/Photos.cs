using Microsoft.ML.Data;

/// <summary>Stands in for a folder of photos: cars before a sky, low red ones and tall blue ones, each somewhere else.</summary>
internal static class Photos
{
    private const int Width = 320;
    private const int Height = 240;

    public static void Draw(string folder, int count)
    {
        foreach (string kind in new[] { "sedan", "van" })
        {
            Directory.CreateDirectory(Path.Combine(folder, kind));
            for (int photo = 0; photo < count; photo++)
            {
                var random = new Random((kind.Length * 1000) + photo);
                byte[] pixels = new byte[Width * Height * 4];
                (int left, int ground) = (random.Next(20, 120), random.Next(170, 210));
                (int length, int height) = kind == "van" ? (150, 80) : (160, 35);
                (int blue, int red) = kind == "van" ? (random.Next(140, 220), random.Next(20, 70)) : (random.Next(20, 70), random.Next(160, 230));
                Fill(pixels, (_, y) => (y < ground ? 235 - (y / 4) : 90, y < ground ? 200 : 95, y < ground ? 150 + (y / 4) : 90), random);
                Fill(pixels, (x, y) => Inside(x, y, left, ground - 20 - height, length, height) ? (blue, 40, red) : null, random);
                if (kind == "sedan")
                    Fill(pixels, (x, y) => Inside(x, y, left + 40, ground - 85, 80, 32) ? (blue, 45, red) : null, random);
                Fill(pixels, (x, y) => Inside(x, y, left + 62, ground - 50, 30, 28) ? (blue / 2, 20, red / 2) : null, random);
                foreach (int wheel in new[] { left + 30, left + length - 30 })
                    Fill(pixels, (x, y) => ((x - wheel) * (x - wheel)) + ((y - ground + 12) * (y - ground + 12)) < 300 ? (25, 25, 25) : null, random);

                using MLImage image = MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Bgra32, pixels);
                image.Save(Path.Combine(folder, kind, $"{photo:00}.png"));
            }
        }
    }

    private static bool Inside(int x, int y, int left, int top, int width, int height) =>
        x >= left && x < left + width && y >= top && y < top + height;

    private static void Fill(byte[] pixels, Func<int, int, (int Blue, int Green, int Red)?> color, Random random)
    {
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                if (color(x, y) is { } value)
                {
                    int at = ((y * Width) + x) * 4;
                    int noise = random.Next(-6, 7);
                    (pixels[at], pixels[at + 1], pixels[at + 2], pixels[at + 3]) =
                        ((byte)(value.Blue + noise), (byte)(value.Green + noise), (byte)(value.Red + noise), 255);
                }
            }
        }
    }
}
