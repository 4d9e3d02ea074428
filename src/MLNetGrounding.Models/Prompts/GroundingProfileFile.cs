using System.Text.Json;
using System.Text.Json.Nodes;
using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Prompts;

/// <summary>Reads and writes <c>grounding.json</c>.</summary>
internal static class GroundingProfileFile
{
    public const string FileName = "grounding.json";

    private static readonly (string Name, QueryRow Row)[] Rows =
    [
        ("word", QueryRow.WordMean),
        ("word_last", QueryRow.WordLast),
        ("word_first", QueryRow.WordFirst),
        ("last_prompt_token", QueryRow.LastPromptToken),
    ];

    private static readonly (string Name, BoxUnits Units)[] Units =
    [
        ("pixels", BoxUnits.InputPixels),
        ("thousandths", BoxUnits.Thousandths),
        ("shares", BoxUnits.Shares),
    ];

    /// <summary>Reads the file, or gives the defaults where there is none.</summary>
    /// <exception cref="CheckpointException">The file is damaged, or says what cannot be done.</exception>
    public static GroundingProfile ReadOrDefault(string directory)
    {
        GroundingProfile defaults = new();
        string path = Path.Combine(directory, FileName);
        if (JsonSettings.TryOpen(path) is not { } settings)
        {
            return defaults;
        }

        JsonSettings? questions = settings.TrySection("questions");
        JsonSettings? coarse = settings.TrySection("coarse");
        JsonSettings? box = settings.TrySection("box");
        settings.RefuseOthers("template", "system", "question", "questions", "coarse", "neutral", "background", "row", "box");
        box?.RefuseOthers("question", "units");
        coarse?.RefuseOthers("word", "question");
        GroundingProfile profile = new()
        {
            Template = settings.TryText("template"),
            SystemMessage = settings.TryText("system"),
            Question = settings.TryText("question") ?? defaults.Question,
            Questions = questions?.Keys.ToDictionary(word => word, questions.Text, StringComparer.Ordinal) ?? defaults.Questions,
            Object = coarse?.TryText("word"),
            ObjectQuestion = coarse?.TryText("question") ?? defaults.ObjectQuestion,
            Neutral = settings.TryText("neutral") ?? defaults.Neutral,
            Background = settings.TryText("background") ?? defaults.Background,
            Row = settings.Choice("row", Rows, defaults.Row),
            BoxQuestion = box?.TryText("question"),
            BoxUnits = box?.Has("units") == true ? box.Choice("units", Units) : null,
        };
        if (profile.Template is not null && !PromptTemplate.TryParse(profile.Template, out _))
        {
            throw settings.Wrong("template", PromptTemplate.Expected);
        }

        return profile;
    }

    public static void Write(string directory, GroundingProfile profile)
    {
        var settings = new
        {
            template = profile.Template,
            system = profile.SystemMessage,
            question = profile.Question,
            questions = profile.Questions,
            coarse = new { word = profile.Object, question = profile.ObjectQuestion },
            neutral = profile.Neutral,
            background = profile.Background,
            row = Rows.First(row => row.Row == profile.Row).Name,
            box = profile.BoxQuestion is null && profile.BoxUnits is null
                ? null
                : new
                {
                    question = profile.BoxQuestion,
                    units = profile.BoxUnits is { } units ? Units.First(each => each.Units == units).Name : null,
                },
        };
        JsonObject written = JsonSerializer.SerializeToNode(settings)!.AsObject();
        if (settings.box is null)
        {
            written.Remove("box");
        }

        File.WriteAllText(Path.Combine(directory, FileName), written.ToJsonString(JsonSettings.Indented) + "\n");
    }
}
