using System.Reflection;

namespace MLNetGrounding.DataViews;

/// <summary>Estimators keep options as they were: the lists in them are the user's, and may change.</summary>
[TestClass]
public sealed class OptionCopiesTests
{
    [TestMethod]
    public void NoListOfOptionsIsShared()
    {
        AssertCopied(
            new AttentionExtractorOptions
            {
                ModelDirectory = "any",
                Words = ["beak"],
                Queries = [AttentionQuery.Fine("beak")],
            },
            options => options.CheckedCopy()
        );
        AssertCopied(
            new MethodGrounderOptions
            {
                ModelDirectory = "any",
                Words = ["beak"],
                Queries = [AttentionQuery.Fine("beak")],
                Methods = [GroundingMethods.AllHeadsMean],
            },
            options => options.CheckedCopy()
        );
        AssertCopied(
            new HeadSelectorOptions
            {
                Heads = [new AttentionHead(0, 0, 1)],
                AttentionDimensions = [1, 1, 1, 4, 4],
                QueryNames = ["beak"],
            },
            options => options.CheckedCopy()
        );
        AssertCopied(
            new RolloutMaskerOptions
            {
                CoarsePositions = [1],
                LayerMapDimensions = [1, 1, 4, 4],
                QueryNames = ["beak"],
            },
            options => options.CheckedCopy()
        );
        AssertCopied(
            new GroundingFeaturizerOptions { GroundingMapDimensions = [1, 4, 4], QueryNames = ["beak"] },
            options => options.CheckedCopy()
        );
        AssertCopied(
            new MpirEvaluatorOptions
            {
                KeyPointTable = CubParts.KeyPointsOf,
                GroundingMapDimensions = [1, 4, 4],
                QueryNames = ["beak"],
            },
            options => options.CheckedCopy()
        );
        AssertCopied(new GroundingDrawerOptions { KeyPointTable = CubParts.KeyPointsOf }, options => options.CheckedCopy());
        AssertCopied(
            new MethodEvaluationOptions
            {
                Methods = [new("One", "Maps")],
                KeyPointTable = CubParts.KeyPointsOf,
                SwappedQueries = CubParts.SwappedQueries,
                QueryNames = ["beak"],
                PartPositions = [new("beak", 1, 0, 0, 0, 0)],
            },
            options => options.CheckedCopy()
        );
    }

    [TestMethod]
    public void TheLastOfAKeyPointTableIsCopiedToo()
    {
        List<int> points = [1];
        MpirEvaluatorOptions copy = new MpirEvaluatorOptions
        {
            KeyPointTable = new Dictionary<string, IReadOnlyList<int>> { ["beak"] = points },
        }.CheckedCopy();
        points.Add(99);
        CollectionAssert.AreEqual((int[])[1], copy.KeyPointTable!["beak"].ToArray());
    }

    [TestMethod]
    public void AColumnWithoutANameIsRefusedByTheNameOfItsOption()
    {
        Type[] all =
        [
            .. typeof(ComponentOptions).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ComponentOptions)) && !type.IsAbstract),
        ];
        Assert.IsGreaterThanOrEqualTo(9, all.Length);
        foreach (
            PropertyInfo property in all.SelectMany(type =>
                type.GetProperties().Where(property => property.Name.EndsWith("ColumnName", StringComparison.Ordinal))
            )
        )
        {
            var options = (ComponentOptions)Activator.CreateInstance(property.ReflectedType!)!;
            if (options is CapturingOptions capturing)
            {
                capturing.Words = ["beak"];
            }

            options.Check();
            property.SetValue(options, "");
            Assert.AreEqual(
                property.Name,
                Assert.ThrowsExactly<ArgumentException>(options.Check).ParamName,
                $"{property.ReflectedType!.Name}.{property.Name}"
            );
            property.SetValue(options, null);
            if (new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable)
            {
                options.Check();
            }
            else
            {
                Assert.AreEqual(property.Name, Assert.ThrowsExactly<ArgumentNullException>(options.Check).ParamName);
            }
        }
    }

    private static void AssertCopied<TOptions>(TOptions options, Func<TOptions, TOptions> copy)
    {
        TOptions copied = copy(options);
        PropertyInfo[] lists =
        [
            .. typeof(TOptions)
                .GetProperties()
                .Where(property =>
                    property.PropertyType.IsGenericType
                    && property.PropertyType.GetGenericTypeDefinition() is var type
                    && (type == typeof(IReadOnlyList<>) || type == typeof(IReadOnlyDictionary<,>))
                ),
        ];
        Assert.IsNotEmpty(lists);
        foreach (PropertyInfo list in lists)
        {
            string name = $"{typeof(TOptions).Name}.{list.Name}";
            Assert.IsNotNull(list.GetValue(options), name);
            Assert.IsNotNull(list.GetValue(copied), name);
            Assert.AreNotSame(list.GetValue(options), list.GetValue(copied), name);
        }
    }
}
