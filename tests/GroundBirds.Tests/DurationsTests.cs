namespace GroundBirds;

[TestClass]
public sealed class DurationsTests
{
    [TestMethod]
    [DataRow(59.9, "00:00:59")]
    [DataRow(3661, "01:01:01")]
    [DataRow((49 * 3600) + 62, "49:01:02")]
    public void HoursGoOnBeyondADay(double seconds, string expected) =>
        Assert.AreEqual(expected, Durations.Text(TimeSpan.FromSeconds(seconds)));
}
