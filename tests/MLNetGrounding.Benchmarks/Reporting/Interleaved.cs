using System.Diagnostics;

namespace MLNetGrounding.Benchmarks;

/// <summary>Times several ways in turn, so that whatever else the machine does meets all of them.</summary>
internal static class Interleaved
{
    /// <summary>Median seconds of each way over the rounds, after one round that is not counted.</summary>
    public static double[] Seconds(int rounds, params Action[] ways)
    {
        double[][] seconds = [.. ways.Select(_ => new double[rounds])];
        for (int round = -1; round < rounds; round++)
        {
            for (int way = 0; way < ways.Length; way++)
            {
                long start = Stopwatch.GetTimestamp();
                ways[way]();
                if (round >= 0)
                {
                    seconds[way][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                }
            }
        }

        return [.. seconds.Select(times => times.Order().ElementAt(rounds / 2))];
    }
}
