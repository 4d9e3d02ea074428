using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Extensions.Chat;

namespace MLNetGrounding.Extensions.DependencyInjection;

[TestClass]
public sealed class GroundingEngineServiceTests
{
    [TestMethod]
    public async Task ASavedModelAsksTheResolverOfItsOptions()
    {
        using ChatModel model = new();
        MLContext context = new();
        IDataView rows = context.Data.LoadFromEnumerable(Array.Empty<GroundingInput>());
        string file = Path.Combine(model.Folder, "model.zip");
        using (
            TransformerChain<RolloutMaskerTransformer> chain = context
                .Transforms.ExtractAttention(model.Model.Directory, ["wing"], "bird")
                .Append(context.Transforms.SelectHeads())
                .Append(context.Transforms.MaskByRollout())
                .Fit(rows)
        )
        {
            context.Model.SaveGrounding(chain, rows.Schema, file);
        }

        CheckpointReference? asked = null;
        await using ServiceProvider services = new ServiceCollection()
            .AddGroundingEngine(
                file,
                options =>
                    options.Resolver = reference =>
                    {
                        asked = reference;
                        return null;
                    }
            )
            .BuildServiceProvider();
        GroundingEnginePool pool = services.GetRequiredService<GroundingEnginePool>();
        Assert.IsFalse((await pool.PredictAsync(model.ImagePath)).Failed, "the checkpoint is where it was");
        Assert.AreEqual("tiny", asked?.Name);
    }

    [TestMethod]
    public void ModelsAreMadeInTheContextOfTheServices()
    {
        MLContext own = new();
        MLContext? seen = null;
        using ServiceProvider services = new ServiceCollection().AddSingleton(own).AddGroundingEngine(Model).BuildServiceProvider();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(services.GetRequiredService<GroundingEnginePool>);
        Assert.AreSame(own, seen);

        using ServiceProvider without = new ServiceCollection().AddGroundingEngine(Model).BuildServiceProvider();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(without.GetRequiredService<GroundingEnginePool>);
        Assert.IsNotNull(seen);
        Assert.AreNotSame(own, seen);

        ITransformer Model(IServiceProvider provider, MLContext context)
        {
            seen = context;
            return new Mapless();
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void AModelOfWhichNoPoolCanBeMadeGoesAtOnceWhereThePoolWouldOwnIt(bool owns)
    {
        Mapless model = new();
        using ServiceProvider services = new ServiceCollection()
            .AddGroundingEngine((_, _) => model, options => options.Engine.OwnsModel = owns)
            .BuildServiceProvider();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(services.GetRequiredService<GroundingEnginePool>);
        Assert.AreEqual(owns, model.IsDisposed);
    }

    /// <summary>A model that makes no maps.</summary>
    private sealed class Mapless : ITransformer, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Dispose() => IsDisposed = true;

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
