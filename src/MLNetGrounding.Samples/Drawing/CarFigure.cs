using System.Numerics;
using MLNetGrounding.Samples.Cars;
using MLNetGrounding.Samples.Seeds;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// Shapes a car that faces right, about 160 units long, y downwards, in the order in which its layers are drawn.
/// </summary>
internal sealed class CarFigure : IFigure
{
    /// <summary>The height at which the wheels stand.</summary>
    public const float GroundY = AxleY + WheelRadius;

    private const float AxleY = 27;
    private const float WheelRadius = 17;
    private const float Belt = -18;
    private const float Sill = 26;

    private readonly List<FigureLayer> _layers = [];
    private readonly CarShape _shape;
    private readonly Matrix3x2 _view;
    private readonly float _nose;
    private readonly float _tail;
    private readonly float _roof;
    private readonly float _roofFront;
    private readonly float _roofRear;

    // Where the windshield and the rear window meet the body.
    private readonly float _cowl;
    private readonly float _deck;
    private readonly float _pillar;
    private readonly float _frontAxle;
    private readonly float _rearAxle;

    public CarFigure(CarShape shape, SampleRandom random, float difficulty)
    {
        _shape = shape;
        Roll = Radians(random.Range(-2, 2) + (random.Range(-12, 12) * difficulty));

        // Seen a little from the front or from behind: shorter, and its uprights lean.
        _view =
            Matrix3x2.CreateScale(random.Range(0.86f, 1.04f), random.Range(0.97f, 1.08f))
            * new Matrix3x2(1, random.Range(-0.05f, 0.05f), random.Range(-0.12f, 0.12f), 1, 0, 0);
        _nose = 78 + random.Range(-3, 4);
        _tail = -78 + random.Range(-3, 4);
        _roof = (shape.Tall ? -58 : -51) + random.Range(-2, 2);
        (_roofFront, _roofRear, _cowl, _deck, _pillar) = shape.Style switch
        {
            CarStyle.Sedan => (16f, -27f, 37f, -48f, -4f),
            CarStyle.Hatchback => (14f, -46f, 37f, -60f, -12f),
            CarStyle.Coupe => (8f, -22f, 36f, -56f, -22f),
            _ => (18f, -58f, 39f, -66f, -14f),
        };
        float shift = random.Range(-3, 3);
        _roofFront += shift;
        _cowl += shift;
        _pillar += shift;
        _frontAxle = 49 + random.Range(-2, 3);
        _rearAxle = -48 + random.Range(-3, 2);

        AddBody();
        AddCabin();
        AddDoors();
        AddEnds();
        AddWheels();
        AddMirror();
    }

    /// <inheritdoc/>
    public IReadOnlyList<FigureLayer> Layers => _layers;

    /// <inheritdoc/>
    public float Roll { get; }

    /// <summary>Gets the axles, in the coordinates of the sketches below.</summary>
    public IReadOnlyList<Vector2> WheelCenters => [new(_frontAxle, AxleY), new(_rearAxle, AxleY)];

    /// <summary>Gets the handles of the doors.</summary>
    public Sketch Handles
    {
        get
        {
            Sketch sketch = new Sketch().Move(new(_pillar + 4, Belt + 9)).Line(new(_pillar + 12, Belt + 9));
            if (HasRearDoor)
            {
                sketch.Move(new(_pillar - 25, Belt + 9)).Line(new(_pillar - 17, Belt + 9));
            }

            return sketch.Transform(_view);
        }
    }

    private bool HasRearDoor => _shape.Style != CarStyle.Coupe;

    public Sketch Rim(Vector2 center) => new Sketch().Circle(center, WheelRadius - 1).Transform(_view);

    public Sketch Hub(Vector2 center) => new Sketch().Circle(center, 3).Transform(_view);

    public Sketch Spokes(Vector2 center)
    {
        var sketch = new Sketch();
        for (int index = 0; index < _shape.Spokes; index++)
        {
            (float sine, float cosine) = MathF.SinCos((index + 0.25f) * MathF.PI * 2 / _shape.Spokes);
            sketch.Move(center).Line(center + (new Vector2(sine, -cosine) * (WheelRadius - 4)));
        }

        return sketch.Transform(_view);
    }

    private static float Radians(float degrees) => degrees * (MathF.PI / 180);

    private void Add(CarRegion region, Sketch sketch, Sketch? clip = null) =>
        _layers.Add(new FigureLayer((int)region, sketch.Transform(_view), clip));

    private void AddLine(CarRegion region, Sketch sketch, Sketch? clip = null) =>
        _layers.Add(new FigureLayer((int)region, sketch.Transform(_view), clip, IsLine: true));

    private void AddBody()
    {
        float deckY = _shape.Style is CarStyle.Sedan or CarStyle.Coupe ? Belt + 2 : Belt;
        Sketch body = new Sketch()
            .Move(new(_tail + 6, deckY))
            .Line(new(_deck, Belt))
            .Line(new(_cowl, Belt))
            .Cubic(new(_cowl + 16, Belt + 1), new(_nose - 16, Belt + 3), new(_nose - 5, -9))
            .Cubic(new(_nose, -6), new(_nose + 1, 2), new(_nose, 14))
            .Cubic(new(_nose, 22), new(_nose - 3, Sill), new(_nose - 8, Sill))
            .Line(new(_tail + 8, Sill))
            .Cubic(new(_tail + 2, Sill), new(_tail, 22), new(_tail, 12))
            .Cubic(new(_tail, 0), new(_tail, -10), new(_tail + 6, deckY))
            .Close();
        Add(CarRegion.Body, body);
        Add(
            CarRegion.Hood,
            new Sketch()
                .Move(new(_cowl - 1, -60))
                .Line(new(120, -60))
                .Line(new(120, -5))
                .Cubic(new(_nose - 14, -6), new(_cowl + 14, -4), new(_cowl + 1, -4))
                .Close(),
            body
        );

        // A tailgate where there is no boot lid.
        bool hasLid = _shape.Style is CarStyle.Sedan or CarStyle.Coupe;
        float edge = hasLid ? _deck : _tail + 21;
        float foot = hasLid ? -3 : 8;
        Add(CarRegion.Trunk, new Sketch().Polygon(new(edge, -60), new(edge - 1, foot), new(-120, foot), new(-120, -60)), body);
        foreach (Vector2 center in (Vector2[])[new(_frontAxle, AxleY), new(_rearAxle, AxleY)])
        {
            AddLine(CarRegion.Body, new Sketch().Circle(center, WheelRadius + 2.5f), body);
        }
    }

    private void AddCabin()
    {
        Add(
            CarRegion.Roof,
            new Sketch()
                .Move(new(_deck, Belt + 1))
                .Cubic(new(_deck + 4, Belt - 10), new(_roofRear - 8, _roof + 2), new(_roofRear, _roof))
                .Line(new(_roofFront, _roof))
                .Cubic(new(_roofFront + 8, _roof + 1), new(_cowl - 6, Belt - 10), new(_cowl, Belt + 1))
                .Close()
        );
        float top = _roof + 12;
        Add(
            CarRegion.FrontWindow,
            new Sketch()
                .Move(new(_pillar + 2.5f, Belt - 2))
                .Line(new(_pillar + 2.5f, top))
                .Line(new(_roofFront + 1, top))
                .Cubic(new(_roofFront + 6, top + 2), new(_cowl - 10, Belt - 8), new(_cowl - 7, Belt - 2))
                .Close()
        );
        Add(
            CarRegion.RearWindow,
            new Sketch()
                .Move(new(_pillar - 2.5f, Belt - 2))
                .Line(new(_pillar - 2.5f, top))
                .Line(new(MathF.Min(_roofRear, _pillar - 7), top))
                .Cubic(new(_roofRear - 5, top + 3), new(_deck + 11, Belt - 8), new(_deck + 8, Belt - 2))
                .Close()
        );
    }

    private void AddDoors()
    {
        float front = _cowl - 6;
        float edge = MathF.Min(front - 3, _frontAxle - WheelRadius - 4);
        Add(
            CarRegion.FrontDoor,
            new Sketch().Polygon(
                new(_pillar, Belt + 1),
                new(front, Belt + 1),
                new(front, 2),
                new(edge, 14),
                new(edge, Sill - 3),
                new(_pillar, Sill - 3)
            )
        );
        if (HasRearDoor)
        {
            float rear = MathF.Max(_deck + 8, _pillar - 34);
            float arch = MathF.Max(_rearAxle + WheelRadius + 4, rear + 2);
            Add(
                CarRegion.RearDoor,
                new Sketch().Polygon(
                    new(_pillar, Belt + 1),
                    new(_pillar, Sill - 3),
                    new(arch, Sill - 3),
                    new(arch, 15),
                    new(rear, 3),
                    new(rear, Belt + 1)
                )
            );
        }
    }

    private void AddEnds()
    {
        Add(CarRegion.FrontLight, new Sketch().Ellipse(new(_nose - 6, 0), 7, 5.8f, 0.3f));
        Add(
            CarRegion.RearLight,
            new Sketch().Move(new(_tail, -12)).Line(new(_tail + 9, -12)).Line(new(_tail + 7, 3)).Line(new(_tail - 1, 3)).Close()
        );
        AddBumper(CarRegion.FrontBumper, _nose - 11, _nose + 4);
        AddBumper(CarRegion.RearBumper, _tail - 4, _tail + 11);
    }

    private void AddBumper(CarRegion region, float left, float right) =>
        Add(
            region,
            new Sketch()
                .Move(new(left + 4, 15))
                .Line(new(right - 4, 15))
                .Cubic(new(right, 15), new(right, 29), new(right - 4, 29))
                .Line(new(left + 4, 29))
                .Cubic(new(left, 29), new(left, 15), new(left + 4, 15))
                .Close()
        );

    private void AddWheels()
    {
        Add(CarRegion.FrontWheel, new Sketch().Circle(new(_frontAxle, AxleY), WheelRadius));
        Add(CarRegion.RearWheel, new Sketch().Circle(new(_rearAxle, AxleY), WheelRadius));
    }

    private void AddMirror() => Add(CarRegion.Mirror, new Sketch().Ellipse(new(_cowl - 10, Belt - 3), 8, 6, -0.2f));
}
