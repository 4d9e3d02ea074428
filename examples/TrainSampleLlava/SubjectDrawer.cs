using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Cars;
using MLNetGrounding.Samples.Drawing;
using MLNetGrounding.Samples.Figures;

namespace TrainSampleLlava;

/// <summary>Draws any subject. Every thread needs its own.</summary>
internal sealed class SubjectDrawer : IDisposable
{
    private readonly SampleBirdRenderer _birds = new();
    private readonly SampleCarRenderer _cars = new();

    public SampleFigure Draw(Subject subject, ulong seed, int width, int height, float difficulty) =>
        subject == Subject.Bird
            ? _birds.Render(
                seed,
                new SampleBirdOptions
                {
                    Width = width,
                    Height = height,
                    Difficulty = difficulty,
                }
            )
            : _cars.Render(
                seed,
                new SampleCarOptions
                {
                    Width = width,
                    Height = height,
                    Difficulty = difficulty,
                }
            );

    public void Dispose()
    {
        _birds.Dispose();
        _cars.Dispose();
    }
}
