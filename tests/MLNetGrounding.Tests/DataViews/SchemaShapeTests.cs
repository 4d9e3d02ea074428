using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.MlNet;

namespace MLNetGrounding.DataViews;

[TestClass]
public sealed class SchemaShapeTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void TheShapePromisedIsTheShapeDelivered()
    {
        var rows = new AttentionRows(1);
        EstimatorChain<MpirEvaluatorTransformer> chain = _ml
            .Transforms.SelectHeads(
                new HeadSelectorOptions
                {
                    EntropyColumnName = "Entropy",
                    CompactnessColumnName = "Compactness",
                    CoarseAttentionColumnName = "CoarseAttention",
                }
            )
            .Append(_ml.Transforms.MaskByRollout())
            .Append(_ml.Transforms.EvaluateMpir());
        SchemaShape promised = chain.GetOutputSchema(SchemaShapes.Of(rows.View.Schema));
        SchemaShape delivered = SchemaShapes.Of(chain.Fit(rows.View).Transform(rows.View).Schema);

        CollectionAssert.AreEquivalent(delivered.Select(column => column.Name).ToArray(), promised.Select(column => column.Name).ToArray());
        foreach (SchemaShape.Column column in promised)
        {
            SchemaShape.Column actual = delivered.Single(each => each.Name == column.Name);
            Assert.AreEqual(actual.Kind, column.Kind, column.Name);
            Assert.AreEqual(actual.ItemType, column.ItemType, column.Name);
            Assert.AreEqual(actual.IsKey, column.IsKey, column.Name);
            foreach (SchemaShape.Column annotation in column.Annotations)
            {
                Assert.IsTrue(actual.Annotations.Any(each => each.Name == annotation.Name), $"{column.Name} promised {annotation.Name}");
            }
        }
    }

    [TestMethod]
    public void AnOutputReplacesTheInputOfItsName()
    {
        var rows = new AttentionRows(1);
        SchemaShape shape = SchemaShapes.Append(
            SchemaShapes.Of(rows.View.Schema),
            [new DataViewSchema.DetachedColumn("FineAttention", NumberDataViewType.Int32)]
        );
        Assert.AreEqual(NumberDataViewType.Int32, shape.Single(column => column.Name == "FineAttention").ItemType);
    }
}
