using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

namespace WebService;

/// <summary>The application: its services and its routes.</summary>
internal static class WebServiceApp
{
    // What a form has besides its image.
    private const int FormBytes = 64 * 1024;

    public static WebApplication Build(WebServiceSettings settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(settings.Url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = settings.MaximumBytes + FormBytes);

        // Kestrel's limit is met first, and says so with the right status.
        builder.Services.Configure<FormOptions>(form => form.MultipartBodyLengthLimit = long.MaxValue);
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
        );
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(provider => Context(provider.GetRequiredService<ILoggerFactory>()));
        if (settings.Pipeline is { } pipeline)
        {
            builder.Services.AddGroundingEngine(pipeline, options => Configure(options, settings));
        }
        else
        {
            builder.Services.AddGroundingEngine((_, context) => Pipeline(context, settings), options => Configure(options, settings));
        }

        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(
            (context, next) =>
            {
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return next(context);
            }
        );

        // Opened here: a model that cannot be had ends the start, and not the first request.
        GroundingEnginePool pool = app.Services.GetRequiredService<GroundingEnginePool>();
        app.MapGet("/", () => Page.Get());
        app.MapGet("/health", () => TypedResults.Ok(new Health("healthy", pool.Engines)));
        app.MapGet("/api/words", () => TypedResults.Ok(pool.QueryNames));
        app.MapPost("/api/ground", GroundEndpoint.PostAsync);
        return app;
    }

    private static void Configure(GroundingEngineServiceOptions options, WebServiceSettings settings)
    {
        options.Engines = settings.Engines;
        options.Engine.RegionThreshold = settings.Threshold;
    }

    /// <summary>The pipeline up to maps; it is fitted on no rows, because nothing in it learns.</summary>
    private static TransformerChain<RolloutMaskerTransformer> Pipeline(MLContext context, WebServiceSettings settings)
    {
        using VisionLanguageModel model = settings.Model.Load();
        IDataView noRows = context.Data.LoadFromEnumerable(Array.Empty<GroundingInput>());
        return context
            .Transforms.ExtractAttention(
                new AttentionExtractorOptions
                {
                    Model = model,
                    Words = settings.Words,
                    Object = settings.Model.ObjectFor(model),
                    Capture = settings.Model.Capture,
                    Cells = settings.Model.Cells,
                    Aspect = settings.Model.Aspect,
                }
            )
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout())
            .Fit(noRows);
    }

    /// <summary>ML.NET's messages among the service's.</summary>
    private static MLContext Context(ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger("MLNetGrounding");
        MLContext context = new();
        context.Log += (_, entry) =>
        {
            if (entry.Kind >= Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                logger.LogWarning("{Message}", entry.RawMessage);
            }
        };
        return context;
    }
}
