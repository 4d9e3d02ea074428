namespace MLNetGrounding.Models.Generation;

[TestClass]
public sealed class BackgroundStreamTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);

    [TestMethod]
    public async Task LeavingTheEnumerationEndsTheWorkAndWaitsForIt()
    {
        bool ended = false;
        await foreach (int item in BackgroundStream.Run<int>(Work, CancellationToken.None))
        {
            Assert.AreEqual(1, item);
            break;
        }

        Assert.IsTrue(ended, "the work still uses what is disposed now");

        void Work(Action<int> write, CancellationToken cancellationToken)
        {
            write(1);
            Assert.IsTrue(cancellationToken.WaitHandle.WaitOne(Guard));

            // What a layer takes to its end.
            Thread.Sleep(100);
            ended = true;
        }
    }

    [TestMethod]
    public async Task WhatTheWorkThrowsTheReaderGetsBehindItsItems()
    {
        List<int> items = [];
        InvalidDataException thrown = await Assert.ThrowsExactlyAsync<InvalidDataException>(async () =>
        {
            await foreach (
                int item in BackgroundStream.Run<int>(
                    (write, _) =>
                    {
                        write(1);
                        write(2);
                        throw new InvalidDataException("broken");
                    },
                    CancellationToken.None
                )
            )
            {
                items.Add(item);
            }
        });
        Assert.AreEqual("broken", thrown.Message);
        CollectionAssert.AreEqual(new[] { 1, 2 }, items);
    }
}
