using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Prompts;

/// <summary>Finds a checkpoint's prompt template.</summary>
internal static class PromptSource
{
    /// <summary>The profile of a checkpoint with its template, and where that came from.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="format">What the family says.</param>
    /// <exception cref="CheckpointException">A file is damaged, or asks for a system message that the family does not have.</exception>
    public static (GroundingProfile Profile, string Origin) Find(string directory, PromptFormat format)
    {
        (GroundingProfile profile, string origin) = FindTemplate(directory, format);
        string template =
            format.WithSystem(profile.Template!, profile.SystemMessage)
            ?? throw new CheckpointException(
                Path.Combine(directory, GroundingProfileFile.FileName),
                "'system': prompts of this family have no system message. Write the whole prompt into 'template' instead."
            );
        return (WithBoxes(profile, format) with { Template = template }, origin);
    }

    /// <summary>A profile with the family's question for boxes where it has none of its own.</summary>
    public static GroundingProfile WithBoxes(GroundingProfile profile, PromptFormat format) =>
        profile with
        {
            BoxQuestion = profile.BoxQuestion ?? format.BoxQuestion,
            BoxUnits = profile.BoxUnits ?? format.BoxUnits,
        };

    private static (GroundingProfile Profile, string Origin) FindTemplate(string directory, PromptFormat format)
    {
        GroundingProfile profile = GroundingProfileFile.ReadOrDefault(directory);
        if (profile.Template is not null)
        {
            return (profile, GroundingProfileFile.FileName);
        }

        if (ChatTemplateFile.TryRead(directory) is not { } chat)
        {
            return (profile with { Template = format.Template }, format.Origin);
        }

        string file = Path.GetFileName(chat.FilePath);
        return format.Recognize(chat.Text) is { } known
            ? (profile with { Template = known }, $"the chat template in {file}, whose text is known")
            : (
                profile with
                {
                    Template = format.Template,
                },
                $"{format.Origin}, because the text of the chat template in {file} is not known and cannot be run; write the prompt into {GroundingProfileFile.FileName} ({{\"template\": ...}}) if it differs"
            );
    }
}
