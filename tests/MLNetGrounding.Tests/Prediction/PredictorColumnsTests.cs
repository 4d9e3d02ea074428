using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.Prediction;

[TestClass]
public sealed class PredictorColumnsTests
{
    [TestMethod]
    public void KeysAreReadAsTheirValues()
    {
        PredictorColumns columns = new(Keys("owl", "wren"), new GroundingEngineOptions());
        Assert.AreEqual("owl", columns.LabelOf(new GroundedColumns { LabelKey = 1 }));
        Assert.AreEqual("wren", columns.LabelOf(new GroundedColumns { LabelKey = 2 }));
        Assert.IsNull(columns.LabelOf(new GroundedColumns { LabelKey = 0 }), "a missing key is no prediction");
    }

    [TestMethod]
    public void OnlyLabelsOfTrueAndFalseHaveAProbability()
    {
        GroundedColumns row = new() { Probability = 0.25f };
        Assert.AreEqual(0.25f, new PredictorColumns(Labels(BooleanDataViewType.Instance), new GroundingEngineOptions()).ProbabilityOf(row));
        Assert.IsNull(new PredictorColumns(Labels(TextDataViewType.Instance), new GroundingEngineOptions()).ProbabilityOf(row));
    }

    private static DataViewSchema Labels(DataViewType type)
    {
        DataViewSchema.Builder builder = new();
        builder.AddColumn("PredictedLabel", type);
        builder.AddColumn("Probability", NumberDataViewType.Single);
        return builder.ToSchema();
    }

    private static DataViewSchema Keys(params string[] values)
    {
        DataViewSchema.Annotations.Builder annotations = new();
        annotations.Add(
            "KeyValues",
            new VectorDataViewType(TextDataViewType.Instance, values.Length),
            (ref VBuffer<ReadOnlyMemory<char>> keys) => keys = new(values.Length, [.. values.Select(value => value.AsMemory())])
        );
        DataViewSchema.Builder builder = new();
        builder.AddColumn("PredictedLabel", new KeyDataViewType(typeof(uint), values.Length), annotations.ToAnnotations());
        return builder.ToSchema();
    }
}
