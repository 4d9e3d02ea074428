using FsCheck;
using FsCheck.Fluent;

namespace MLNetGrounding.Fuzz;

/// <summary>An input: which valid one, which part of it, and how that is changed.</summary>
/// <param name="Seed">Chooses the valid input.</param>
/// <param name="Part">Chooses the part.</param>
/// <param name="Changes">Applied in their order.</param>
public sealed record FuzzInput(int Seed, int Part, IReadOnlyList<Change> Changes)
{
    private const int Many = 1 << 20;

    /// <summary>Inputs of one to eight changes, most of few; a failing one is made smaller by leaving changes out.</summary>
    public static Arbitrary<FuzzInput> Arbitrary { get; } = Arb.From(Inputs(), Smaller);

    public override string ToString() => $"valid input {Seed}, part {Part}, {string.Join("; ", Changes)}";

    private static Gen<FuzzInput> Inputs()
    {
        Gen<Change> change =
            from kind in Gen.Choose(0, Many)
            from place in Gen.Choose(0, 999_999)
            from value in Gen.Choose(0, Many)
            from extent in Gen.Choose(0, Many)
            select new Change(kind, place, value, extent);
        Gen<int> count = Gen.Frequency((8, Gen.Constant(1)), (4, Gen.Constant(2)), (2, Gen.Choose(3, 4)), (1, Gen.Choose(5, 8)));
        return from seed in Gen.Choose(0, Many)
            from part in Gen.Choose(0, Many)
            from length in count
            from changes in change.ArrayOf(length)
            select new FuzzInput(seed, part, changes);
    }

    private static IEnumerable<FuzzInput> Smaller(FuzzInput input) =>
        input.Changes.Count <= 1
            ? []
            : Enumerable
                .Range(0, input.Changes.Count)
                .Select(left => input with { Changes = [.. input.Changes.Where((_, index) => index != left)] });
}
