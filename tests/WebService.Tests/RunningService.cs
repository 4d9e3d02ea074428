using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;

namespace WebService;

/// <summary>The service on a port of its own, and images to show it.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    public const int Images = 16;

    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder = new();

    private RunningService(WebServiceSettings settings)
    {
        SampleBirds.Write(_folder.Path, new SampleBirdsOptions { Count = Images });
        Paths =
        [
            .. Directory
                .EnumerateFiles(Path.Combine(_folder.Path, "images"), "*.png", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal),
        ];
        _app = WebServiceApp.Build(settings);
    }

    /// <summary>Drawn birds, each another.</summary>
    public IReadOnlyList<string> Paths { get; }

    public IServiceProvider Services => _app.Services;

    public HttpClient Client { get; private set; } = null!;

    public static async Task<RunningService> StartAsync(Func<WebServiceSettings, WebServiceSettings>? change = null)
    {
        WebServiceSettings settings = new() { Url = "http://127.0.0.1:0" };
        RunningService service = new(change?.Invoke(settings) ?? settings);
        await service._app.StartAsync();
        service.Client = new HttpClient { BaseAddress = new Uri(service._app.Urls.Single()) };
        return service;
    }

    /// <summary>Sends an image.</summary>
    public Task<HttpResponseMessage> PostAsync(
        byte[] image,
        string[] words,
        bool overlays = false,
        CancellationToken cancellationToken = default
    ) => Client.PostAsync("/api/ground", Form(image, words, overlays), cancellationToken);

    public static MultipartFormDataContent Form(byte[]? image, string[] words, bool overlays = false)
    {
        MultipartFormDataContent form = [];
        if (image is not null)
        {
            ByteArrayContent file = new(image);
            file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            form.Add(file, "image", "photo.png");
        }

        foreach (string word in words)
        {
            form.Add(new StringContent(word), "words");
        }

        if (overlays)
        {
            form.Add(new StringContent("true"), "overlays");
        }

        return form;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
