namespace MLNetGrounding.Maths.Rollout;

[TestClass]
public sealed class CoarseRolloutTests
{
    private static readonly RolloutOptions[] TokenReadings =
    [
        new(),
        new() { Order = RolloutOrder.BottomUp },
        new() { RowNormalized = true },
        new() { Order = RolloutOrder.BottomUp, RowNormalized = true },
    ];

    [TestMethod]
    public void RowPropagationEqualsTheFullMatrixProduct()
    {
        var random = new Random(1);
        for (int repetition = 0; repetition < 60; repetition++)
        {
            (int layers, int tokens) = (random.Next(1, 9), random.Next(2, 40));
            int cells = random.Next(1, tokens);
            float[] flow = RandomMaps.CausalFlow(random, layers, tokens, rowSum: 3);
            // The cut-off columns before the block add to the rows' sums.
            float[] rowSums = Enumerable
                .Range(0, layers * tokens)
                .Select(row => (float)(flow.AsSpan(row * tokens, tokens).ToArray().Sum(value => (double)value) + random.NextDouble()))
                .ToArray();
            int[] positions = [.. Enumerable.Range(cells, tokens - cells).Where(_ => random.Next(3) == 0).Append(tokens - 1).Distinct()];
            foreach (RolloutOptions options in TokenReadings)
            {
                double[,] product = MatrixRollout.Product(
                    MatrixRollout.Matrices([.. flow.Select(value => (double)value)], layers, tokens),
                    options,
                    [.. rowSums.Chunk(tokens).Select(sums => sums.Select(sum => (double)sum).ToArray())]
                );
                double[] expected = MatrixRollout.ScaledToMaximumOne(
                    Enumerable.Range(0, cells).Select(cell => positions.Average(position => product[position, cell]))
                );
                float[] mask = new float[cells];
                CoarseRollout.TokenMask(flow, rowSums, layers, tokens, positions, options, mask);
                AssertClose(expected, mask, 1e-6, options.ToString());
            }
        }
    }

    [TestMethod]
    public void EqualsTheTwinOnEverySizeThatVectorsDoNotFill()
    {
        var random = new Random(6);
        for (int tokens = 1; tokens < 40; tokens++)
        {
            int layers = random.Next(1, 5);
            float[] flow = RandomMaps.CausalFlow(random, layers, tokens, rowSum: 3);
            float[] rowSums = new float[layers * tokens];
            for (int element = 0; element < flow.Length; element++)
            {
                rowSums[element / tokens] += flow[element];
            }
            int cells = random.Next(1, tokens + 1);
            int[] positions = tokens == 1 ? [0] : [tokens - 2, tokens - 1];
            foreach (RolloutOptions options in TokenReadings)
            {
                float[] mask = new float[cells];
                CoarseRollout.TokenMask(flow, rowSums, layers, tokens, positions, options, mask);
                double[] twin = PlainRollout.Mask(flow, rowSums, layers, tokens, positions, options, cells);
                for (int cell = 0; cell < cells; cell++)
                {
                    Assert.AreEqual(twin[cell], mask[cell], 1e-6 * twin[cell], $"{tokens} tokens, {options}, cell {cell}");
                }
            }
        }
    }

    [TestMethod]
    public void ThePrefixBeforeTheBlockDoesNotMatter()
    {
        var random = new Random(2);
        const int Layers = 5,
            Tokens = 30,
            Prefix = 7,
            Cells = 16;
        float[] flow = RandomMaps.CausalFlow(random, Layers, Tokens, rowSum: 2);
        const int Block = Tokens - Prefix;
        float[] cut = new float[Layers * Block * Block];
        float[] rowSums = new float[Layers * Block];
        for (int row = 0; row < Layers * Block; row++)
        {
            Span<float> source = flow.AsSpan((row / Block * Tokens + Prefix + row % Block) * Tokens, Tokens);
            source[Prefix..].CopyTo(cut.AsSpan(row * Block));
            foreach (float value in source)
            {
                rowSums[row] += value;
            }
        }
        foreach (RolloutOptions options in TokenReadings)
        {
            double[,] product = MatrixRollout.Product(
                MatrixRollout.Matrices([.. flow.Select(value => (double)value)], Layers, Tokens),
                options
            );
            double[] expected = MatrixRollout.ScaledToMaximumOne(Enumerable.Range(Prefix, Cells).Select(cell => product[Tokens - 1, cell]));
            float[] mask = new float[Cells];
            CoarseRollout.TokenMask(cut, rowSums, Layers, Block, [Block - 1], options, mask);
            AssertClose(expected, mask, 1e-6, options.ToString());
        }
    }

    [TestMethod]
    public void ManyLayersOfLargeRowSumsStayFinite()
    {
        // (1 + 1e8)^80 is beyond double.
        float[] flow = RandomMaps.CausalFlow(new Random(3), 80, 12, rowSum: 1e8);
        float[] mask = new float[8];
        CoarseRollout.TokenMask(flow, [], 80, 12, [11], new(), mask);
        Assert.AreEqual(1, mask.Max());
        Assert.IsTrue(mask.All(value => value is >= 0 and <= 1));
    }

    [TestMethod]
    public void SpatialProductsEqualTheFullMatrixProduct()
    {
        var random = new Random(4);
        for (int repetition = 0; repetition < 20; repetition++)
        {
            (int layers, int grid) = (random.Next(1, 9), random.Next(2, 12));
            float[] maps = RandomMaps.Attention(random, layers, grid * grid);
            double[][,] matrices = MatrixRollout.Matrices([.. maps.Select(value => (double)value)], layers, grid);
            float[] mask = new float[grid * grid];
            foreach (RolloutOptions tokens in TokenReadings)
            {
                RolloutOptions options = tokens with { Form = RolloutForm.SpatialProduct };
                CoarseRollout.SpatialMask(maps, layers, grid, grid, options, mask);
                AssertClose(
                    MatrixRollout.ScaledToMaximumOne(MatrixRollout.Product(matrices, options).Cast<double>()),
                    mask,
                    1e-6,
                    options.ToString()
                );
            }
            CoarseRollout.SpatialMask(maps, layers, grid, grid, new() { Form = RolloutForm.SpatialElementwise }, mask);
            IEnumerable<double> products = Enumerable
                .Range(0, grid * grid)
                .Select(cell =>
                    Enumerable.Range(0, layers).Aggregate(1.0, (product, layer) => product * (1 + (double)maps[layer * grid * grid + cell]))
                );
            AssertClose(MatrixRollout.ScaledToMaximumOne(products), mask, 1e-6, "element-wise");
        }
    }

    [TestMethod]
    public void NoFlowIsAZeroMask()
    {
        float[] mask = [1, 1, 1];
        CoarseRollout.TokenMask(new float[2 * 16], [], 2, 4, [3], new(), mask);
        CollectionAssert.AreEqual(new float[3], mask);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void NumbersThatAreNotFiniteAreRefusedWithTheirLayer(float value)
    {
        float[] flow = RandomMaps.CausalFlow(new Random(5), 3, 6, rowSum: 1);
        flow[36 + 5] = value;
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => CoarseRollout.TokenMask(flow, [], 3, 6, [4], new(), new float[4])).Message,
            $"Layer 1 of the coarse word's attention holds {value} at row 0, column 5"
        );
        float[] maps = new float[2 * 4];
        maps[7] = value;
        foreach (RolloutForm form in new[] { RolloutForm.SpatialProduct, RolloutForm.SpatialElementwise })
        {
            StringAssert.Contains(
                Assert
                    .ThrowsExactly<ArgumentException>(() => CoarseRollout.SpatialMask(maps, 2, 2, 2, new() { Form = form }, new float[4]))
                    .Message,
                $"Layer 1 of the coarse word's attention holds {value}"
            );
        }
        float[] rowSums = new float[18];
        rowSums[8] = value;
        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentException>(() =>
                    CoarseRollout.TokenMask(new float[3 * 36], rowSums, 3, 6, [4], new() { RowNormalized = true }, new float[4])
                )
                .Message,
            "layer 1, token 2"
        );
    }

    [TestMethod]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => CoarseRollout.TokenMask(new float[15], [], 1, 4, [3], new(), new float[2]));
        Assert.ThrowsExactly<ArgumentException>(() => CoarseRollout.TokenMask(new float[16], [], 1, 4, [], new(), new float[2]));
        Assert.ThrowsExactly<ArgumentException>(() => CoarseRollout.TokenMask(new float[16], [], 1, 4, [3], new(), new float[5]));
        Assert.ThrowsExactly<ArgumentException>(() =>
            CoarseRollout.TokenMask(new float[16], [], 1, 4, [3], new() { RowNormalized = true }, new float[2])
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => CoarseRollout.TokenMask(new float[16], [], 1, 4, [4], new(), new float[2]));
        Assert.ThrowsExactly<ArgumentException>(() =>
            CoarseRollout.SpatialMask(new float[6], 1, 2, 3, new() { Form = RolloutForm.SpatialProduct }, new float[6])
        );
        Assert.ThrowsExactly<ArgumentException>(() => CoarseRollout.SpatialMask(new float[4], 1, 2, 2, new(), new float[4]));
    }

    private static void AssertClose(double[] expected, float[] actual, double tolerance, string what)
    {
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.AreEqual(expected[index], actual[index], tolerance, $"{what}, cell {index}");
        }
    }
}
