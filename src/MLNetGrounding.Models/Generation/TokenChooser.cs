using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Models.Generation;

/// <summary>Chooses the next token of an answer from logits.</summary>
/// <param name="sampling">How.</param>
/// <param name="processors">What changes logits first.</param>
internal sealed class TokenChooser(AnswerSampling sampling, IReadOnlyList<ILogitsProcessor> processors)
{
    private readonly ILogitsProcessor[] _processors =
    [
        .. sampling.RepetitionPenalty == 1 ? [] : new ILogitsProcessor[] { new RepetitionPenalty(sampling.RepetitionPenalty) },
        .. processors,
    ];

    /// <summary>Chooses a token.</summary>
    /// <param name="logits">The model's logits, <c>[vocabulary]</c>; left as they are.</param>
    /// <param name="context">What stands before it.</param>
    /// <param name="random">Moves on by one number where a token is drawn.</param>
    /// <returns>The token and its log-probability before anything was changed; token -1 where there is none to choose.</returns>
    public (int Token, double LogProbability) Choose(float[] logits, AnswerContext context, ref SplitMix64 random)
    {
        double total = LogOfSum(logits);
        if (!double.IsFinite(total))
        {
            return (-1, double.NaN);
        }

        float[] changed = logits;
        if (_processors.Length > 0)
        {
            changed = [.. logits];
            foreach (ILogitsProcessor processor in _processors)
            {
                processor.Process(changed, context);
            }
        }

        int token = sampling.Temperature == 0 ? First(changed) : Draw(changed, ref random);
        return (token, token < 0 ? double.NaN : logits[token] - total);
    }

    /// <summary>The logarithm of the sum of all exponentials.</summary>
    public static double LogOfSum(ReadOnlySpan<float> logits)
    {
        float largest = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            // NaN is kept, and is what comes out.
            largest = float.IsNaN(logit) || logit > largest ? logit : largest;
        }

        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp((double)logit - largest);
        }

        return largest + Math.Log(sum);
    }

    /// <summary>The first of the largest logits, or -1 where none is a number above minus infinity.</summary>
    private static int First(float[] logits)
    {
        int first = -1;
        for (int token = 0; token < logits.Length; token++)
        {
            if (logits[token] > (first < 0 ? float.NegativeInfinity : logits[first]))
            {
                first = token;
            }
        }

        return first;
    }

    private int Draw(float[] logits, ref SplitMix64 random)
    {
        int[] candidates = Candidates(logits);
        if (candidates.Length == 0)
        {
            return -1;
        }

        float largest = candidates.Max(token => logits[token]);
        double[] weights = Array.ConvertAll(candidates, token => Math.Exp(((double)logits[token] - largest) / sampling.Temperature));
        int count = sampling.TopP < 1 ? Nucleus(weights) : weights.Length;
        double left = random.NextDouble() * Sum(weights.AsSpan(0, count));
        for (int index = 0; index < count - 1; index++)
        {
            left -= weights[index];
            if (left < 0)
            {
                return candidates[index];
            }
        }

        return candidates[count - 1];
    }

    /// <summary>The tokens that may be drawn, the most probable first where only some of them may.</summary>
    private int[] Candidates(float[] logits)
    {
        IEnumerable<int> possible = Enumerable.Range(0, logits.Length).Where(token => logits[token] > float.NegativeInfinity);
        if (sampling.TopK is null && sampling.TopP == 1)
        {
            return [.. possible];
        }

        int[] ordered = [.. possible];
        float[] keys = Array.ConvertAll(ordered, token => -logits[token]);
        Array.Sort(keys, ordered);
        int kept = ordered.Length;
        if (sampling.TopK is { } most && most < kept)
        {
            // Those as probable as the last one stay.
            float last = keys[most - 1];
            kept = most;
            while (kept < ordered.Length && keys[kept] == last)
            {
                kept++;
            }
        }

        // The sort is not stable: equal logits are brought into the order of ids.
        for (int start = 0; start < kept; )
        {
            int end = start + 1;
            while (end < kept && keys[end] == keys[start])
            {
                end++;
            }

            Array.Sort(ordered, start, end - start);
            start = end;
        }

        return ordered[..kept];
    }

    /// <summary>How many of the most probable tokens together reach the probability that is asked for.</summary>
    private int Nucleus(double[] weights)
    {
        double total = Sum(weights);
        double reached = 0;
        int count = 0;
        while (count < weights.Length && reached < sampling.TopP * total)
        {
            reached += weights[count++];
        }

        return Math.Max(1, count);
    }

    // One number after the other: no result may depend on a vector's width.
    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum;
    }
}
