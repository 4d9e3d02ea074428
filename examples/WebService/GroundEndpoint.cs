using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.ML.Data;
using MLNetGrounding;

namespace WebService;

/// <summary>Grounds an uploaded image: a form with <c>image</c>, <c>words</c> any number of times, and <c>overlays</c>.</summary>
internal static class GroundEndpoint
{
    // Of an overlay, so that an answer about a large photo stays small.
    private const int LongEdge = 640;

    public static async Task<IResult> PostAsync(
        HttpRequest request,
        GroundingEnginePool pool,
        WebServiceSettings settings,
        CancellationToken cancellationToken
    )
    {
        if (!request.HasFormContentType)
        {
            return Problem(
                StatusCodes.Status415UnsupportedMediaType,
                "A form (multipart/form-data) with a file named 'image' was expected."
            );
        }

        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(cancellationToken);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge(settings);
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            return Problem(StatusCodes.Status400BadRequest, $"The form cannot be read: {exception.Message}");
        }

        if (form.Files.GetFile("image") is not { Length: > 0 } file)
        {
            return Problem(StatusCodes.Status400BadRequest, "The form has no file named 'image', or it is empty.");
        }

        if (file.Length > settings.MaximumBytes)
        {
            return TooLarge(settings);
        }

        string[] words = [.. form["words"].OfType<string>().Where(word => word.Length > 0).Distinct()];
        if (words.Except(pool.QueryNames).FirstOrDefault() is { } unknown)
        {
            return Problem(
                StatusCodes.Status400BadRequest,
                $"This service does not ask about '{unknown}', only about: {string.Join(", ", pool.QueryNames)}."
            );
        }

        MLImage image;
        try
        {
            await using Stream stream = file.OpenReadStream();
            image = ImageFile.Load(stream, new ImageLoadingOptions { MaxPixels = settings.MaximumPixels });
        }
        catch (InvalidDataException exception)
        {
            return Problem(StatusCodes.Status422UnprocessableEntity, $"The image cannot be read: {exception.Message}");
        }

        using (image)
        {
            // Canceled when the client goes away: the model stops between two layers, and the engine serves the next.
            GroundingPrediction prediction = await pool.PredictAsync(image, cancellationToken);
            return prediction.Failed
                ? Problem(StatusCodes.Status422UnprocessableEntity, "The model cannot take this image; the log of the service says why.")
                : TypedResults.Ok(
                    Answer(image, prediction, words.Length > 0 ? words : pool.QueryNames, form["overlays"] == "true", settings)
                );
        }
    }

    private static GroundResponse Answer(
        MLImage image,
        GroundingPrediction prediction,
        IReadOnlyList<string> words,
        bool overlays,
        WebServiceSettings settings
    )
    {
        ImageGeometry geometry = prediction.Geometry!.Value;
        return new GroundResponse(
            image.Width,
            image.Height,
            [
                .. words.Select(word =>
                {
                    GroundedQuery query = prediction[word];
                    return new GroundedWord(
                        word,
                        query.Region.Area,
                        query.Region.Boxes,
                        overlays ? Overlay(image, geometry, query, settings.Threshold) : null
                    );
                }),
            ],
            prediction.PredictedLabel,
            prediction.Score.Count > 0
                ? prediction
                    .Score.Select((score, index) => (Name: NameOf(prediction, index), score))
                    .ToDictionary(each => each.Name, each => each.score)
                : null
        );
    }

    private static string NameOf(GroundingPrediction prediction, int index) =>
        prediction.ScoreNames.Count > 0 ? prediction.ScoreNames[index]
        : prediction.Score.Count == 1 ? "score"
        : index.ToString(CultureInfo.InvariantCulture);

    private static string Overlay(MLImage image, in ImageGeometry geometry, GroundedQuery query, double threshold)
    {
        using GroundingOverlay overlay = new(image, geometry, new GroundingOverlayOptions { LongEdge = LongEdge, Smooth = true });
        using MemoryStream png = new();
        overlay.DrawMap(query.Map.Span).DrawRegion(query.Map.Span, threshold).Save(png);
        return $"data:image/png;base64,{Convert.ToBase64String(png.GetBuffer().AsSpan(0, (int)png.Length))}";
    }

    private static ProblemHttpResult TooLarge(WebServiceSettings settings) =>
        Problem(
            StatusCodes.Status413PayloadTooLarge,
            string.Create(CultureInfo.InvariantCulture, $"The image is larger than {settings.MaximumBytes / 1e6:0.##} MB.")
        );

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);
}
