using System.Globalization;
using System.Text;
using Microsoft.ML.Data;
using MLNetGrounding;
using MLNetGrounding.Samples.Figures;

namespace TrainSampleLlava;

/// <summary>
/// Whether a checkpoint answers right, and whether the token that says the answer looks at the right place: its map is at the right place
/// where its highest cell holds a visible pixel of the part that was asked about.
/// </summary>
internal sealed class AnswerPlaces
{
    private const int MaximumTokens = 4;
    private const int ExampleEdge = 320;

    private readonly Subject _subject;
    private readonly PlaceCounts[] _counts = [.. Enumerable.Range(0, Subject.PartCount).Select(_ => new PlaceCounts())];
    private readonly Dictionary<(bool Answer, bool Place), GroundingOverlay> _examples = [];

    private AnswerPlaces(Subject subject)
    {
        _subject = subject;
    }

    /// <summary>Asks about every visible part of held-out figures.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="subject">What is drawn.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="count">How many.</param>
    /// <param name="figures">A folder for an example of each outcome; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    /// <returns>Tables in Markdown.</returns>
    public static string Measure(
        string directory,
        Subject subject,
        SampleSeedRange seeds,
        int count,
        string? figures,
        CancellationToken cancellationToken
    )
    {
        using var model = VisionLanguageModel.Load(directory);
        using SubjectDrawer drawer = new();
        PreparedPrompt prompt = model.Prepare([.. subject.PartNames.Select(HeldOutAccuracy.Question)], new CaptureOptions { Flow = null });
        AnswerPlaces places = new(subject);
        try
        {
            for (int index = 0; index < count; index++)
            {
                (int width, int height) = HeldOutAccuracy.DatasetSize(seeds[index]);
                SampleFigure figure = drawer.Draw(subject, seeds[index], width, height, difficulty: 1);
                RgbImage image = new(width, height, figure.Rgb);
                AttentionCapture capture = model.Capture(image, prompt, cancellationToken);
                ImageAnswers answers = model.Answer(
                    image,
                    prompt,
                    new AnswerOptions { MaximumTokens = MaximumTokens, Maps = true },
                    cancellationToken
                );
                places.Add(figure, answers, capture, keepExamples: figures is not null);
            }

            if (figures is not null)
            {
                places.Save(figures);
            }

            return places.ToTables(count);
        }
        finally
        {
            foreach (GroundingOverlay example in places._examples.Values)
            {
                example.Dispose();
            }
        }
    }

    private void Add(SampleFigure figure, ImageAnswers answers, AttentionCapture capture, bool keepExamples)
    {
        // The token that says the answer is the first, whatever it says.
        IReadOnlyList<float>[] maps = [.. answers.Answers.Select(answer => answer.Tokens.Count > 0 ? answer.Tokens[0].Map : [])];
        foreach (SamplePart part in figure.Parts.Where(part => part.Visible))
        {
            Answer answer = answers.Answers[part.Index];
            bool right = HeldOutAccuracy.WholeAnswer(answer) is not null && answer.Text.Trim() == part.ColorName;
            bool place = IsOn(figure, part, maps[part.Index], answers.Geometry);
            bool word = IsOn(figure, part, MeanOfHeads(capture, part.Index, answers.Grid.Cells), answers.Geometry);
            int other = (part.Index + (Subject.PartCount / 2)) % Subject.PartCount;
            _counts[part.Index].Add(right, place, word, IsOn(figure, part, maps[other], answers.Geometry));
            if (keepExamples && !_examples.ContainsKey((right, place)) && maps[part.Index].Count > 0)
            {
                _examples[(right, place)] = Example(figure, part, answer, maps[part.Index], answers.Geometry);
            }
        }
    }

    /// <summary>Whether the map's highest cell, the first of equal ones, holds a visible pixel of the part.</summary>
    private static bool IsOn(SampleFigure figure, SamplePart part, IReadOnlyList<float> map, in ImageGeometry geometry)
    {
        if (map.Count == 0)
        {
            return false;
        }

        int peak = 0;
        for (int cell = 1; cell < map.Count; cell++)
        {
            peak = map[cell] > map[peak] ? cell : peak;
        }

        (double left, double top, double right, double bottom) = geometry.CellToPixels(
            peak / geometry.Grid.Width,
            peak % geometry.Grid.Width
        );
        for (int y = Math.Max(0, (int)top); y < Math.Min(figure.Height, Math.Ceiling(bottom)); y++)
        {
            for (int x = Math.Max(0, (int)left); x < Math.Min(figure.Width, Math.Ceiling(right)); x++)
            {
                if (figure.PartLabels[(y * figure.Width) + x] == part.Index + 1)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The word's own row, as <see cref="AnswerToken.Map"/> has the answer's.</summary>
    private static float[] MeanOfHeads(AttentionCapture capture, int query, int cells)
    {
        int rows = capture.FineAttention.Length / cells / Subject.PartCount;
        float[] mean = new float[cells];
        for (int row = query * rows; row < (query + 1) * rows; row++)
        {
            for (int cell = 0; cell < cells; cell++)
            {
                mean[cell] += capture.FineAttention[(row * cells) + cell] / rows;
            }
        }

        return mean;
    }

    private static GroundingOverlay Example(
        SampleFigure figure,
        SamplePart part,
        Answer answer,
        IReadOnlyList<float> map,
        in ImageGeometry geometry
    )
    {
        byte[] pixels = new byte[figure.Width * figure.Height * 4];
        for (int pixel = 0; pixel < figure.Width * figure.Height; pixel++)
        {
            figure.Rgb.AsSpan(pixel * 3, 3).CopyTo(pixels.AsSpan(pixel * 4));
            pixels[(pixel * 4) + 3] = byte.MaxValue;
        }

        using var image = MLImage.CreateFromPixels(figure.Width, figure.Height, MLPixelFormat.Rgba32, pixels);
        return new GroundingOverlay(image, geometry, new GroundingOverlayOptions { LongEdge = ExampleEdge })
            .DrawMap([.. map])
            .DrawLabel($"{part.Name}: {answer.Text.Trim()} ({part.ColorName})");
    }

    private static string FileName((bool Answer, bool Place) outcome) =>
        $"answer-{(outcome.Answer ? "right" : "wrong")}-place-{(outcome.Place ? "right" : "wrong")}.png";

    private void Save(string folder)
    {
        foreach (((bool, bool) outcome, GroundingOverlay example) in _examples)
        {
            example.Save(Path.Combine(folder, FileName(outcome)));
        }
    }

    private string ToTables(int count)
    {
        PlaceCounts all = new();
        StringBuilder tables = new();
        tables
            .AppendLine(CultureInfo.InvariantCulture, $"{count} {_subject.Plural}:")
            .AppendLine()
            .AppendLine(
                "| part | asked | answered right | answer's map on the part | word's map on the part | another answer's map on the part |"
            )
            .AppendLine("|---|---:|---:|---:|---:|---:|");
        for (int part = 0; part < Subject.PartCount; part++)
        {
            AppendRow(_subject.PartNames[part], _counts[part]);
            all.Add(_counts[part]);
        }

        AppendRow("all", all);
        return tables
            .AppendLine()
            .AppendLine("| | place right | place wrong |")
            .AppendLine("|---|---:|---:|")
            .AppendLine(CultureInfo.InvariantCulture, $"| answer right | {all.RightRight} | {all.RightWrong} |")
            .AppendLine(CultureInfo.InvariantCulture, $"| answer wrong | {all.WrongRight} | {all.WrongWrong} |")
            .ToString();

        void AppendRow(string name, PlaceCounts counts)
        {
            string[] shares =
            [
                .. new[] { counts.RightAnswers, counts.RightPlaces, counts.WordPlaces, counts.SwappedPlaces }.Select(hits =>
                    (hits / (double)Math.Max(1, counts.Asked)).ToString("0.000", CultureInfo.InvariantCulture)
                ),
            ];
            tables.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {counts.Asked} | {string.Join(" | ", shares)} |");
        }
    }
}
