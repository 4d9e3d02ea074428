using Microsoft.ML;
using MLNetGrounding.Scoring;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Comparison;

/// <summary>One run at a time writes to a folder, and the second is told who does.</summary>
[TestClass]
public sealed class FolderLockTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void ASecondTakerIsToldWhoHoldsTheFolder()
    {
        DateTimeOffset before = DateTimeOffset.Now;
        using var held = FolderLock.Take(_folder.Path);

        IOException error = Assert.Throws<IOException>(() => FolderLock.Take(_folder.Path));

        Assert.IsNull(FolderLock.TryTake(_folder.Path));
        Assert.Contains($"'{_folder.Path}' is in use", error.Message);
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", error.Message);
        Assert.Contains($"since {before:yyyy-MM-dd}", error.Message);
        Assert.Contains(Path.GetFileName(Environment.GetCommandLineArgs()[0]), error.Message);
        Assert.HasCount(1, error.Message.Split('\n'));
    }

    [TestMethod]
    public void AnotherPathToTheSameFolderIsTheSameFolder()
    {
        using var held = FolderLock.Take(_folder.Path);
        using var elsewhere = new TemporaryFolder();
        string link = Path.Combine(elsewhere.Path, "link");
        Directory.CreateSymbolicLink(link, _folder.Path);

        Assert.IsNull(FolderLock.TryTake(link));
        Assert.IsNull(FolderLock.TryTake(Path.Combine(_folder.Path, "..", Path.GetFileName(_folder.Path))));
    }

    [TestMethod]
    public void AReleasedFolderCanBeTakenAgain()
    {
        string folder = Path.Combine(_folder.Path, "new", "deep");
        for (int round = 0; round < 3; round++)
        {
            var held = FolderLock.Take(folder);
            held.Dispose();
            held.Dispose();
            Assert.IsFalse(held.Covers(Path.Combine(folder, "scores.csv")));
        }

        CollectionAssert.AreEqual(new[] { ".grounding-lock" }, Directory.GetFiles(folder).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void WhatAKilledRunSaidOfItselfBlocksNobody()
    {
        File.WriteAllText(Path.Combine(_folder.Path, ".grounding-lock"), "");
        File.WriteAllText(
            Path.Combine(_folder.Path, ".grounding-lock.json"),
            """{"Process":1,"Host":"gone","Command":"killed","Since":"2020-01-01T00:00:00+00:00"}"""
        );

        using var held = FolderLock.Take(_folder.Path);

        Assert.DoesNotContain("killed", Assert.Throws<IOException>(() => FolderLock.Take(_folder.Path)).Message);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("{\"Process\":\"x\"}")]
    [DataRow("{\"Process\":7,\"Host\":null,\"Command\":\"a\\nb\",\"Since\":\"2020-01-01T00:00:00+00:00\"}")]
    public void AHolderThatCannotBeReadIsStillAHolder(string holder)
    {
        using var held = FolderLock.Take(_folder.Path);
        File.WriteAllText(Path.Combine(_folder.Path, ".grounding-lock.json"), holder);

        IOException error = Assert.Throws<IOException>(() => FolderLock.Take(_folder.Path));

        Assert.Contains("is in use", error.Message);
        Assert.HasCount(1, error.Message.Split('\n'));
    }

    [TestMethod]
    public void NeverDoTwoHoldOneFolder()
    {
        int holders = 0;
        int taken = 0;
        Parallel.For(
            0,
            8,
            _ =>
            {
                for (int round = 0; round < 40; round++)
                {
                    using var held = FolderLock.TryTake(_folder.Path);
                    if (held is not null)
                    {
                        Assert.AreEqual(1, Interlocked.Increment(ref holders));
                        Interlocked.Increment(ref taken);
                        Thread.Yield();
                        Interlocked.Decrement(ref holders);
                    }
                }
            }
        );
        Assert.IsGreaterThan(0, taken);
    }

    [TestMethod]
    public void TwoEvaluationsIntoOneFolderDoNotMix()
    {
        IOException? refused = null;
        string scores = Path.Combine(_folder.Path, "runs", "scores.csv");
        Evaluate(
            scores,
            options =>
                options.Progress = new Once(() =>
                    refused = Assert.Throws<IOException>(() => Evaluate(scores, other => other.RegionThreshold = 0.5))
                )
        );

        Assert.IsNotNull(refused);
        Assert.Contains("is in use", refused.Message);
        using var free = FolderLock.Take(Path.GetDirectoryName(scores)!);
    }

    [TestMethod]
    public void ARefusedEvaluationLeavesTheFolderFree()
    {
        string scores = Path.Combine(_folder.Path, "scores.csv");
        Evaluate(scores);
        Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(scores, options => options.RegionThreshold = 0.5));
        Evaluate(scores);
    }

    [TestMethod]
    public void AnEvaluationWritesUnderTheLockOfItsCaller()
    {
        string scores = Path.Combine(_folder.Path, "scores.csv");
        using (var held = FolderLock.Take(_folder.Path))
        {
            Evaluate(scores, options => options.ScoresLock = held);
            Assert.IsNull(FolderLock.TryTake(_folder.Path), "it stays the caller's");
            Assert.Contains(
                nameof(MethodEvaluationOptions.ScoresLock),
                Assert
                    .ThrowsExactly<ArgumentException>(() =>
                        Evaluate(Path.Combine(_folder.Path, "other", "scores.csv"), options => options.ScoresLock = held)
                    )
                    .Message
            );
            held.Dispose();
            Assert.ThrowsExactly<ArgumentException>(() => Evaluate(scores, options => options.ScoresLock = held));
        }
    }

    private void Evaluate(string scores, Action<MethodEvaluationOptions>? change = null)
    {
        var options = new MethodEvaluationOptions
        {
            ChanceDraws = 20,
            BootstrapReplicates = 5,
            ScoresPath = scores,
        };
        change?.Invoke(options);
        _ml.Grounding.EvaluateMethods(new MapRows(3).View, options);
    }

    private sealed class Once(Action action) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value == 1)
            {
                action();
            }
        }
    }
}
