using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Models.Generation;

/// <summary>
/// Boxes of answers, in the spellings that models have and in broken ones. What real models write was not tried: there are no weights of
/// one here.
/// </summary>
[TestClass]
public sealed class AnswerBoxTests
{
    // 200 x 100 pixels, which the model sees as 400 x 300.
    private static readonly ImageGeometry Stretched = ImageGeometry.Create(
        ImageFit.Stretch,
        200,
        100,
        400,
        300,
        new MapGrid(3, 4),
        100,
        100
    );

    [TestMethod]
    // Pixels of the resized image, as JSON, whole and broken.
    [DataRow("[{\"bbox_2d\": [40, 60, 200, 150], \"label\": \"wheel\"}]")]
    [DataRow("```json\n[\n\t{\"bbox_2d\": [40, 60, 200, 150], \"label\": \"wheel\"}\n]\n```")]
    [DataRow("{\"bbox_2d\": [40, 60, 200, 150]}")]
    [DataRow("{'bbox_2d': [40, 60, 200, 150], 'label': 'wheel'}")]
    [DataRow("[{\"bbox_2d\": [[40, 60], [200, 150]]}]")]
    [DataRow("[{\"bbox_2d\": [40, 60, 200, 150], \"label\": \"whe")]
    [DataRow("[{\"bbox_2d\": [40, 60, 200, 150,], \"label\": \"wheel\",}]")]
    [DataRow("[{\"bbox_2d\": [40 60 200 150]}]")]
    [DataRow("[{\"bbox_2d\": [\"40\", \"60\", \"200\", \"150\"]}]")]
    [DataRow("[{\"bbox_2d\": [40.0, 60.0, 200.0, 1.5e2]}]")]
    [DataRow("[{\"bbox_2d\": [40px, 60px, 200px, 150px]}]")]
    [DataRow("[{\\\"bbox_2d\\\": [40, 60, 200, 150]}]")]
    [DataRow("<think>\nThe wheel is low.\n</think>\n\n```json\n[{\"bbox_2d\": [40, 60, 200, 150]}]")]
    [DataRow("```json\n[\n  {\"label\": \"wheel 2\", \"bbox_2d\": [40, 60, 200, 150]},\n  {\"label\": \"whee")]
    [DataRow("[{\"bbox_2d\": [+40, +60, +200, +150]}]")]
    [DataRow("[{\"bbox_2d\": [40,60,200,150]}, {\"bbox_2d\": [40,60,200")]
    [DataRow("{\"objects\": [{\"bbox_2d\": [40, 60, 200, 150}]")]
    [DataRow("{bbox_2d: [40, 60, 200, 150]}")]
    [DataRow("\"bbox_2d\":[40,60,200,150")]
    [DataRow("[{\"bbox_2d\": {\"x\": 40, \"y\": 60, \"w\": 160, \"h\": 90}}]")]
    [DataRow("<box>40, 60, 200, 150</box>")]
    [DataRow("Sure! [{'bbox': [40, 60, 200, 150], 'confidence': 0.97}]")]
    [DataRow("【40，60，200，150】")]
    [DataRow("{\"bbox\": {\"x1\": 40, \"y1\": 60, \"x2\": 200, \"y2\": 150}}")]
    [DataRow("{\"xmin\": 40, \"ymin\": 60, \"xmax\": 200, \"ymax\": 150}")]
    [DataRow("{\"left\": 40, \"top\": 60, \"right\": 200, \"bottom\": 150}")]
    [DataRow("{\"x\": 40, \"y\": 60, \"width\": 160, \"height\": 90}")]
    [DataRow("x1=40, y1=60, x2=200, y2=150")]
    // Corners.
    [DataRow("<|object_ref_start|>wheel<|object_ref_end|><|box_start|>(40,60),(200,150)<|box_end|>")]
    [DataRow("wheel(40,60),(200,150)")]
    [DataRow("(40, 60) (200, 150)")]
    [DataRow("from (40, 60) to (200, 150)")]
    [DataRow("（40，60），（200，150）")]
    [DataRow("<|quad_start|>(40,60),(200,60),(200,150),(40,150)<|quad_end|>")]
    [DataRow("<ref>wheel</ref><box>[[40, 60, 200, 150]]</box>")]
    // Corners in another order, and what is no box before the box.
    [DataRow("[200, 150, 40, 60]")]
    [DataRow("[200, 60, 40, 150]")]
    [DataRow("The 2 wheels (3) of car 12, at (5, 5): [40, 60, 200, 150]")]
    [DataRow("[0, 0, 0, 0] [40, 60, 200, 150]")]
    [DataRow("[1, 2, 3] [40, 60, 200, 150]")]
    [DataRow("[900, 900, 950, 950], [40, 60, 200, 150]")]
    [DataRow("[nan, 1, 2, 3] [1e999, 0, 1, 2] [40, 60, 200, 150]")]
    [DataRow("[40, 60, 200, 150], [1, 2, 300, 40]")]
    // No brackets.
    [DataRow("The box is 40, 60, 200, 150.")]
    [DataRow("40;60;200;150")]
    public void PixelsOfTheModelsInputBecomePixelsOfTheImage(string text) => AreEqual(text, BoxUnits.InputPixels, 20, 20, 80, 30);

    [TestMethod]
    [DataRow("<|box_start|>(100,200),(500,500)<|box_end|>")]
    [DataRow("(100,200),(500,500)")]
    [DataRow("[{\"bbox_2d\": [100, 200, 500, 500], \"label\": \"wheel\"}]")]
    public void ThousandthsAreOfEachSide(string text) => AreEqual(text, BoxUnits.Thousandths, 20, 20, 80, 30);

    [TestMethod]
    public void SharesAreOfEachSide() => AreEqual("[0.1, 0.2, 0.5, 0.5]", BoxUnits.Shares, 20, 20, 80, 30);

    [TestMethod]
    public void WhatReachesOverTheEdgeIsCutOff() => AreEqual("[-50, 500, 1200, 2000]", BoxUnits.Thousandths, 0, 50, 200, 50);

    [TestMethod]
    [DataRow("{\"point_2d\": [500, 250]}")]
    [DataRow("(500, 250)")]
    [DataRow("It is at (500, 250).")]
    [DataRow("{\"x\": 500, \"y\": 250}")]
    [DataRow("<point x=\"500\" y=\"250\" alt=\"wheel\">wheel</point>")]
    [DataRow("(500, 250), (1, 1), (2, 2)")]
    [DataRow("(5000, 250) or (500, 250)? or (1, 1)")]
    public void APointIsABoxWithoutExtent(string text) => AreEqual(text, BoxUnits.Thousandths, 100, 25, 0, 0);

    [TestMethod]
    [DataRow("")]
    [DataRow("I cannot see a wheel.")]
    [DataRow("There are 4 wheels, 2 doors and 1 light.")]
    [DataRow("[1, 2, 3]")]
    [DataRow("[1, 2, 3, 4, 5]")]
    [DataRow("[\"a\", \"b\", \"c\", \"d\"]")]
    [DataRow("[0, 0, 0, 0]")]
    [DataRow("(1500, 20)")]
    [DataRow("{\"x1\": 1, \"y1\": 2, \"x2\": 3}")]
    [DataRow("[[[[[[[[")]
    [DataRow("\uD800[\uDC00]")]
    public void WhereThereIsNoneThereIsNone(string text) =>
        Assert.IsFalse(AnswerBox.TryParse(text, BoxUnits.Thousandths, Stretched, out _));

    [TestMethod]
    [DataRow("[100, 200, 500, 5")]
    [DataRow("100, 200, 500, 5")]
    [DataRow("(100, 200), (500, 5")]
    [DataRow("{\"x1\": 100, \"y1\": 200, \"x2\": 500, \"y2\": 5")]
    public void ANumberThatWasCutOffIsNotRead(string text)
    {
        bool found = AnswerBox.TryParse(text, BoxUnits.Thousandths, Stretched, out AnswerBox box, isComplete: false);
        Assert.IsTrue(!found || box.Width == 0, $"{box}");
        Assert.IsTrue(AnswerBox.TryParse(text + "00]", BoxUnits.Thousandths, Stretched, out box, isComplete: false));
        AreNear(box, 20, 20, 80, 30);
    }

    [TestMethod]
    public void PaddingIsTakenOff()
    {
        // 100 x 50 pixels centered on a square, which becomes 336 x 336: the image lies in the middle half.
        var padded = ImageGeometry.Create(ImageFit.Pad, 100, 50, 336, 336, new MapGrid(24, 24), 14, 14);
        Assert.IsTrue(AnswerBox.TryParse("[0.5, 0.25, 1.0, 0.75]", BoxUnits.Shares, padded, out AnswerBox box));
        AreNear(box, 50, 0, 50, 50);
        Assert.IsFalse(AnswerBox.TryParse("[0, 0, 1, 0.2]", BoxUnits.Shares, padded, out _), "the padding alone");
        Assert.IsFalse(AnswerBox.TryParse("(0.5, 0.2)", BoxUnits.Shares, padded, out _), "a point of the padding above");
        Assert.IsFalse(AnswerBox.TryParse("(0.5, 0.9)", BoxUnits.Shares, padded, out _), "a point of the padding below");
    }

    [TestMethod]
    public void AnyTextEndsSoonAndInsideTheImage()
    {
        const string alphabet = "[](){}<>,;:=0123456789.-+e \"'x1y2bboxpx\n（，）%|";
        SplitMix64 random = new(11);
        int found = 0;
        for (int text = 0; text < 20000; text++)
        {
            string answer = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            if (AnswerBox.TryParse(answer, BoxUnits.Thousandths, Stretched, out AnswerBox box, isComplete: text % 2 == 0))
            {
                found++;
                Assert.IsTrue(
                    box is { X: >= 0 and <= 200, Y: >= 0 and <= 100, Width: >= 0, Height: >= 0 }
                        && box.X + box.Width <= 200.001
                        && box.Y + box.Height <= 100.001,
                    $"{answer}: {box}"
                );
            }
        }

        Assert.IsGreaterThan(20, found);
        AnswerBox.TryParse(string.Concat(Enumerable.Repeat("[(1,", 50000)), BoxUnits.Thousandths, Stretched, out _);
    }

    [TestMethod]
    public void UnitsThatAreNotDefinedAreRefused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => AnswerBox.TryParse("[1,2,3,4]", (BoxUnits)9, Stretched, out _));

    private static void AreEqual(string text, BoxUnits units, double x, double y, double width, double height)
    {
        Assert.IsTrue(AnswerBox.TryParse(text, units, Stretched, out AnswerBox box), text);
        AreNear(box, x, y, width, height);
    }

    private static void AreNear(AnswerBox box, double x, double y, double width, double height)
    {
        Assert.AreEqual(x, box.X, 1e-9, $"{box}");
        Assert.AreEqual(y, box.Y, 1e-9, $"{box}");
        Assert.AreEqual(width, box.Width, 1e-9, $"{box}");
        Assert.AreEqual(height, box.Height, 1e-9, $"{box}");
    }
}
