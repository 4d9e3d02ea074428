using MLNetGrounding;

namespace SteerAnswers;

/// <summary>Chooses the heads whose own maps most often have their maximum in the part's box.</summary>
internal static class HeadChoice
{
    public static IReadOnlyList<AttentionHead> Choose(
        VisionLanguageModel model,
        Func<string, PreparedPrompt> promptOf,
        IReadOnlyList<SteeredPart> parts,
        SteerAnswersSettings settings,
        CancellationToken cancellationToken
    )
    {
        int heads = model.Info.Heads;
        int[] hits = new int[model.Info.Layers * heads];
        foreach (SteeredPart part in parts)
        {
            AttentionCapture capture = model.Capture(
                ImageFile.LoadRgb(part.ImagePath, settings.Data.Loading),
                promptOf(part.Word),
                cancellationToken
            );
            int cells = capture.Geometry.Grid.Cells;
            for (int head = 0; head < hits.Length; head++)
            {
                Span<float> map = capture.FineAttention.AsSpan(head * cells, cells);
                int peak = 0;
                for (int cell = 1; cell < cells; cell++)
                {
                    peak = map[cell] > map[peak] ? cell : peak;
                }

                hits[head] += Meets(capture.Geometry, peak, part.Box) ? 1 : 0;
            }
        }

        return
        [
            .. Enumerable
                .Range(0, hits.Length)
                .OrderByDescending(head => hits[head])
                .Take(settings.HeadCount)
                .Select(head => new AttentionHead(head / heads, head % heads, (double)hits[head] / parts.Count)),
        ];
    }

    private static bool Meets(ImageGeometry geometry, int cell, ImageBox box)
    {
        (double left, double top, double right, double bottom) = geometry.CellToPixels(
            cell / geometry.Grid.Width,
            cell % geometry.Grid.Width
        );
        return left < box.X + box.Width && box.X < right && top < box.Y + box.Height && box.Y < bottom;
    }
}
