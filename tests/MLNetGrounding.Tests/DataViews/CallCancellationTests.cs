namespace MLNetGrounding.DataViews;

[TestClass]
public sealed class CallCancellationTests
{
    [TestMethod]
    public void ACallThatIsCanceledWhileItsLastStepRunsThrows()
    {
        using CancellationTokenSource source = new();

        OperationCanceledException thrown = Assert.ThrowsExactly<OperationCanceledException>(() =>
            CallCancellation.Run(
                () =>
                {
                    source.Cancel();
                    return 1;
                },
                source.Token
            )
        );

        Assert.AreEqual(source.Token, thrown.CancellationToken);
        Assert.AreEqual(1, CallCancellation.Run(() => 1, CancellationToken.None), "the thread goes on");
    }

    [TestMethod]
    public void WhatElseACanceledCallThrowsIsNoCancellation()
    {
        using CancellationTokenSource source = new();

        Assert.ThrowsExactly<InvalidDataException>(() =>
            CallCancellation.Run<int>(
                () =>
                {
                    source.Cancel();
                    throw new InvalidDataException("damaged");
                },
                source.Token
            )
        );
    }
}
