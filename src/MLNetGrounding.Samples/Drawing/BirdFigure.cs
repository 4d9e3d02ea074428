using System.Numerics;
using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Seeds;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// Shapes a bird that faces right, about 150 units long, y downwards, in the order in which its layers are drawn.
/// </summary>
internal sealed class BirdFigure : IFigure
{
    // Large, so that the color of the iris reads in small images.
    private const float EyeRadius = 9;
    private const float HeadRadius = 23;

    private readonly List<FigureLayer> _layers = [];
    private readonly BirdShape _shape;
    private readonly Matrix3x2 _pitch;
    private readonly Matrix3x2 _headPlace;
    private readonly float _depth;
    private readonly float _legLength;
    private readonly float _tailAngle;
    private readonly float _beakLength;

    public BirdFigure(BirdShape shape, SampleRandom random, float difficulty)
    {
        _shape = shape;
        WingRaised = random.Chance(0.22f);
        float pitch = Radians(random.Range(-20, 6));
        float headAngle = Radians(random.Range(-10, 14));
        var headCenter = new Vector2(34 + random.Range(-4, 5), -42 + random.Range(-5, 6));
        _depth =
            shape.Body switch
            {
                BodyShape.Slim => 0.9f,
                BodyShape.Regular => 1,
                _ => 1.12f,
            } * random.Range(0.97f, 1.03f);
        _legLength = random.Range(25, 32);
        _tailAngle = Radians(random.Range(-24, 14));
        _beakLength =
            shape.Beak switch
            {
                BeakShape.Cone => 25,
                BeakShape.Dagger => 34,
                BeakShape.Needle => 40,
                _ => 29,
            } * random.Range(0.95f, 1.1f);
        Roll = Radians(random.Range(-5, 5) + (random.Range(-15, 15) * difficulty));
        _pitch = Matrix3x2.CreateRotation(pitch);

        // The neck follows the body's pitch half way, so that the head keeps its place above the breast.
        _headPlace =
            Matrix3x2.CreateRotation(headAngle)
            * Matrix3x2.CreateTranslation(Vector2.Transform(headCenter, Matrix3x2.CreateRotation(pitch * 0.5f)));

        AddLegs();
        AddTail();
        AddTorso();
        AddHead();
        AddWing();
    }

    /// <inheritdoc/>
    public IReadOnlyList<FigureLayer> Layers => _layers;

    public bool WingRaised { get; }

    /// <inheritdoc/>
    public float Roll { get; }

    /// <summary>Gets the center of the eye.</summary>
    public Vector2 EyeCenter => Head(5, -5);

    /// <summary>Gets the height at which the feet stand.</summary>
    public float FeetY { get; private set; }

    private static float Radians(float degrees) => degrees * (MathF.PI / 180);

    private Vector2 Torso(float x, float y) => Vector2.Transform(new Vector2(x, y > 0 ? y * _depth : y), _pitch);

    private Vector2 Head(float x, float y) => Vector2.Transform(new Vector2(x, y), _headPlace);

    private void Add(BirdRegion region, Sketch sketch, Sketch? clip = null) => _layers.Add(new FigureLayer((int)region, sketch, clip));

    private void AddLine(BirdRegion region, Sketch sketch, Sketch? clip = null) =>
        _layers.Add(new FigureLayer((int)region, sketch, clip, IsLine: true));

    private void AddLegs()
    {
        Vector2 farHip = Torso(-9, 28);
        Vector2 nearHip = Torso(13, 27);
        FeetY = MathF.Max(farHip.Y, nearHip.Y) + 8 + _legLength;
        AddLeg(BirdRegion.FarLeg, farHip, FeetY - 3);
        AddLeg(BirdRegion.NearLeg, nearHip, FeetY);
    }

    private void AddLeg(BirdRegion region, Vector2 hip, float footY)
    {
        var ankle = new Vector2(hip.X - 1, footY);
        Add(
            region,
            new Sketch()
                .Limb(hip, ankle, 9.5f, 7)
                .Limb(ankle, ankle + new Vector2(15, 1), 7, 5)
                .Limb(ankle, ankle + new Vector2(10, 6), 7, 5)
                .Limb(ankle, ankle + new Vector2(-10, 2), 6.5f, 4.5f)
        );
    }

    private void AddTail()
    {
        float length = _shape.LongTail ? 50 : 36;
        Matrix3x2 place = Matrix3x2.CreateRotation(-_tailAngle) * Matrix3x2.CreateTranslation(-44, 2) * _pitch;
        var sketch = new Sketch();
        switch (_shape.Tail)
        {
            case TailShape.Forked:
                sketch
                    .Move(new(8, -10))
                    .Line(new(-length - 8, -17))
                    .Cubic(new(-length + 2, -9), new(-length + 12, -4), new(-length + 18, 0))
                    .Cubic(new(-length + 12, 4), new(-length + 2, 9), new(-length - 8, 17))
                    .Line(new(8, 10))
                    .Close();
                break;
            case TailShape.Pointed:
                sketch
                    .Move(new(8, -11))
                    .Cubic(new(-length * 0.4f, -14), new(-length * 0.8f, -8), new(-length - 8, 0))
                    .Cubic(new(-length * 0.8f, 8), new(-length * 0.4f, 14), new(8, 11))
                    .Close();
                break;
            case TailShape.Squared:
                sketch.Polygon(new(8, -10), new(-length, -12), new(-length, 12), new(8, 10));
                break;
            case TailShape.Fan:
                sketch
                    .Move(new(8, -9))
                    .Line(new(-length + 8, -21))
                    .Cubic(new(-length - 6, -12), new(-length - 6, 12), new(-length + 8, 21))
                    .Line(new(8, 9))
                    .Close();
                break;
            default:
                sketch
                    .Move(new(8, -10))
                    .Line(new(-length + 8, -12))
                    .Cubic(new(-length - 8, -12), new(-length - 8, 12), new(-length + 8, 12))
                    .Line(new(8, 10))
                    .Close();
                break;
        }

        Add(BirdRegion.Tail, sketch.Transform(place));
        AddLine(
            BirdRegion.Tail,
            new Sketch().Move(new(-6, -2.5f)).Line(new(-length + 18, -4)).Move(new(-6, 2.5f)).Line(new(-length + 18, 4)).Transform(place)
        );
    }

    private void AddTorso()
    {
        Sketch torso = new Sketch()
            .Move(Head(-19, 0))
            .Cubic(Head(-21, 14), Torso(-12, -34), Torso(-50, -8))
            .Cubic(Torso(-58, -2), Torso(-56, 10), Torso(-46, 14))
            .Cubic(Torso(-34, 34), Torso(-8, 41), Torso(10, 38))
            .Cubic(Torso(36, 35), Torso(55, 8), Torso(50, -12))
            .Cubic(Torso(49, -20), Head(18, 24), Head(17, 8))
            .Close();
        Add(BirdRegion.Belly, torso);
        Add(
            BirdRegion.Breast,
            new Sketch()
                .Move(Torso(-8, -60))
                .Cubic(Torso(8, -20), Torso(36, 10), Torso(15, 60))
                .Line(Torso(90, 60))
                .Line(Torso(90, -60))
                .Close(),
            torso
        );
        Add(
            BirdRegion.Back,
            new Sketch()
                .Move(Torso(28, -34))
                .Cubic(Torso(10, -10), Torso(-20, -10), Torso(-66, 12))
                .Line(Torso(-90, -90))
                .Line(Torso(30, -90))
                .Close(),
            torso
        );
    }

    private void AddHead()
    {
        Sketch head = new Sketch().Circle(Head(0, 0), HeadRadius);
        if (_shape.Crested)
        {
            // Wound like the circle, so that the overlap stays filled.
            head.Polygon(
                Head(0, 0),
                Head(-16, -8),
                Head(-29, -19),
                Head(-17, -22),
                Head(-23, -33),
                Head(-7, -29),
                Head(-10, -39),
                Head(13, -20),
                Head(14, -15)
            );
        }

        Add(BirdRegion.Cheek, head);

        // The labels of crown, forehead and nape divide the head's rim; its color is one.
        AddHeadLabel(BirdRegion.Nape, head, Head(-7, -2), Head(-60, -30), Head(-60, 50), Head(-7, 30));
        AddHeadLabel(BirdRegion.Crown, head, Head(-7, -9), Head(-40, -34), Head(-30, -80), Head(20, -80), Head(7, -9));
        AddHeadLabel(BirdRegion.Forehead, head, Head(8, -8), Head(18, -60), Head(60, -40), Head(60, -7), Head(12, -7));

        // The bib of the throat reaches from the beak's root over the lower face to the breast.
        Add(
            BirdRegion.Throat,
            new Sketch()
                .Move(Head(23, 5))
                .Cubic(Head(12, 7), Head(1, 10), Head(-3, 20))
                .Cubic(Head(-4, 27), Torso(22, -10), Torso(30, -5))
                .Cubic(Torso(38, 0), Torso(47, -4), Torso(52, -9))
                .Cubic(Torso(51, -20), Head(22, 18), Head(23, 5))
                .Close()
        );

        AddBeak();
        Add(BirdRegion.Eye, new Sketch().Circle(EyeCenter, EyeRadius));
    }

    private void AddHeadLabel(BirdRegion region, Sketch head, params ReadOnlySpan<Vector2> corners) =>
        _layers.Add(new FigureLayer((int)region, new Sketch().Polygon(corners), head, LabelOnly: true));

    private void AddBeak()
    {
        float tip = 18 + _beakLength;
        Sketch beak = _shape.Beak switch
        {
            BeakShape.Cone => new Sketch()
                .Move(Head(18, -11))
                .Cubic(Head(26, -12), Head(tip - 8, -5), Head(tip, 2))
                .Cubic(Head(tip - 8, 6), Head(26, 11), Head(18, 10))
                .Cubic(Head(22, 4), Head(22, -4), Head(18, -11))
                .Close(),
            BeakShape.Hooked => new Sketch()
                .Move(Head(18, -11))
                .Cubic(Head(28, -15), Head(tip, -11), Head(tip, 9))
                .Cubic(Head(tip - 4, 3), Head(tip - 8, 3), Head(tip - 9, 5))
                .Cubic(Head(30, 9), Head(26, 10), Head(18, 10))
                .Cubic(Head(22, 4), Head(22, -4), Head(18, -11))
                .Close(),
            BeakShape.Needle => new Sketch()
                .Move(Head(18, -7))
                .Cubic(Head(28, -6), Head(tip - 10, -3), Head(tip, 3))
                .Cubic(Head(tip - 10, 2.5f), Head(28, 7), Head(18, 8))
                .Cubic(Head(22, 3), Head(22, -3), Head(18, -7))
                .Close(),
            _ => new Sketch()
                .Move(Head(18, -9))
                .Line(Head(tip, 0))
                .Line(Head(18, 9))
                .Cubic(Head(22, 4), Head(22, -4), Head(18, -9))
                .Close(),
        };
        Add(BirdRegion.Beak, beak);
        AddLine(BirdRegion.Beak, new Sketch().Move(Head(21, 1)).Line(Head(tip - 10, 1)));
    }

    private void AddWing()
    {
        if (WingRaised)
        {
            Add(
                BirdRegion.Wing,
                new Sketch()
                    .Move(Torso(20, -4))
                    .Cubic(Torso(14, -36), Torso(-4, -66), Torso(-40, -86))
                    .Cubic(Torso(-38, -76), Torso(-40, -70), Torso(-46, -68))
                    .Cubic(Torso(-40, -60), Torso(-40, -56), Torso(-44, -50))
                    .Cubic(Torso(-36, -46), Torso(-35, -40), Torso(-37, -34))
                    .Cubic(Torso(-28, -28), Torso(-24, -14), Torso(-20, 0))
                    .Cubic(Torso(-8, 10), Torso(12, 10), Torso(20, -4))
                    .Close()
            );
            AddLine(
                BirdRegion.Wing,
                new Sketch()
                    .Move(Torso(-36, -72))
                    .Line(Torso(-10, -34))
                    .Move(Torso(-36, -53))
                    .Line(Torso(-13, -25))
                    .Move(Torso(-30, -37))
                    .Line(Torso(-13, -15))
            );
            return;
        }

        Add(
            BirdRegion.Wing,
            new Sketch()
                .Move(Torso(25, -4))
                .Cubic(Torso(20, -20), Torso(-8, -17), Torso(-26, -6))
                .Cubic(Torso(-40, 0), Torso(-52, 4), Torso(-66, 12))
                .Cubic(Torso(-54, 18), Torso(-46, 17), Torso(-40, 16))
                .Cubic(Torso(-36, 22), Torso(-26, 21), Torso(-20, 19))
                .Cubic(Torso(-14, 24), Torso(-4, 22), Torso(2, 19))
                .Cubic(Torso(18, 20), Torso(28, 8), Torso(25, -4))
                .Close()
        );
        AddLine(
            BirdRegion.Wing,
            new Sketch()
                .Move(Torso(-40, 15))
                .Cubic(Torso(-32, 12), Torso(-26, 8), Torso(-20, 3))
                .Move(Torso(-20, 18))
                .Cubic(Torso(-14, 14), Torso(-8, 10), Torso(-3, 4))
        );
    }
}
