using System.Diagnostics.CodeAnalysis;

namespace MLNetGrounding.Models.Prompts;

/// <summary>
/// A prompt template cut at the image and at the question, which must come after it so that one prefix serves every question.
/// </summary>
internal sealed record PromptTemplate(string BeforeImage, string BeforeQuestion, string AfterQuestion)
{
    public const string Expected =
        $"one {GroundingProfile.ImagePlaceholder} and after it one {GroundingProfile.QuestionPlaceholder} were expected";

    /// <summary>The same with texts right before and after the image.</summary>
    public PromptTemplate Around(string beforeImage, string afterImage) =>
        this with
        {
            BeforeImage = BeforeImage + beforeImage,
            BeforeQuestion = afterImage + BeforeQuestion,
        };

    public static bool TryParse(string text, [NotNullWhen(true)] out PromptTemplate? template)
    {
        template = null;
        string[] atImage = text.Split(GroundingProfile.ImagePlaceholder);
        if (atImage.Length != 2)
        {
            return false;
        }

        string[] atQuestion = atImage[1].Split(GroundingProfile.QuestionPlaceholder);
        if (atQuestion.Length != 2 || atImage[0].Contains(GroundingProfile.QuestionPlaceholder, StringComparison.Ordinal))
        {
            return false;
        }

        template = new PromptTemplate(atImage[0], atQuestion[0], atQuestion[1]);
        return true;
    }
}
