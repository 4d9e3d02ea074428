using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>The model, the questions, the methods and the columns of grounding by methods.</summary>
/// <remarks>
/// Of <see cref="CapturingOptions.Capture"/> may be set how images are fitted and cut into tiles, the grid, how the model is asked, which
/// row is read by methods that name none, whether attention is amplified inside the model for all methods, and the tokens before the image;
/// all else is the methods' choice. Among <see cref="CapturingOptions.Queries"/> there must be one of each role that a method needs.
/// </remarks>
public sealed class MethodGrounderOptions : CapturingOptions
{
    /// <summary>The methods, each with a name of its own. Default <see cref="GroundingMethods.All"/>.</summary>
    public IReadOnlyList<GroundingMethod> Methods { get; set; } = GroundingMethods.All;

    /// <summary>
    /// Outputs: for each method a column of this name, a dot and the method's name, with floats <c>[queries, gridHeight, gridWidth]</c>.
    /// Default <c>GroundingMaps</c>.
    /// </summary>
    public string GroundingMapsColumnName { get; set; } = GroundingColumns.GroundingMaps;

    internal string ColumnOf(GroundingMethod method) => $"{GroundingMapsColumnName}.{method.Name}";

    /// <summary>The queries of the roles that some methods need, the fine ones among them.</summary>
    internal IReadOnlyList<AttentionQuery> QueriesFor(CapturePlan plan) => [.. StatedQueries.Where(query => plan.Needs(query.Role))];

    /// <summary>A copy with the methods as learned.</summary>
    internal MethodGrounderOptions WithLearned(IReadOnlyList<GroundingMethod> methods)
    {
        MethodGrounderOptions copy = this.Copied();
        copy.Methods = methods;
        return copy;
    }

    /// <summary>What some methods need, and what the options need besides.</summary>
    internal CapturePlan PlanOf(IEnumerable<GroundingMethod> methods, QueryRow defaultRow)
    {
        var plan = CapturePlan.Of(methods, defaultRow);
        if (Capture.Amplification is { Box: null })
        {
            plan.NeedRole(QueryRole.Coarse);
        }

        return plan;
    }

    /// <summary>Without an object there is no coarse query; that is known once the model's profile is.</summary>
    /// <exception cref="ArgumentException">A method needs a coarse query.</exception>
    internal void RequireObject()
    {
        GroundingMethod[] needing = HasCoarse ? [] : [.. Methods.Where(method => PlanOf([method], default).Needs(QueryRole.Coarse))];
        if (needing.Length > 0)
        {
            string others = string.Join(", ", Methods.Except(needing).Select(method => method.Name));
            throw new ArgumentException(
                $"{string.Join(", ", needing.Select(method => method.Name))} mask the words by the whole object, but none is named. "
                    + $"Set {nameof(Object)} to the word for it, such as \"car\", or leave them out of {nameof(Methods)}."
                    + (others.Length > 0 ? $" Without an object work: {others}." : ""),
                nameof(Object)
            );
        }
    }

    private protected override void CopyLists()
    {
        base.CopyLists();
        ArgumentNullException.ThrowIfNull(Methods);
        Methods = [.. Methods];
    }

    private protected override void CheckValues()
    {
        base.CheckValues();
        CheckMethods();
        CaptureOptions defaults = new();
        if (
            Capture.Flow != defaults.Flow
            || Capture.PatchFeatures
            || Capture.SuffixLogits
            || Capture.Layers is not null
            || Capture.Observers.Count > 0
        )
        {
            throw new ArgumentException(
                $"{nameof(Capture)} of {nameof(MethodGrounderOptions)} may not set {nameof(CaptureOptions.Flow)}, {nameof(CaptureOptions.PatchFeatures)}, {nameof(CaptureOptions.SuffixLogits)}, {nameof(CaptureOptions.Layers)} or {nameof(CaptureOptions.Observers)}; the methods choose them."
            );
        }

        if (!HasFine)
        {
            throw new ArgumentException(
                $"{nameof(Queries)} has no fine query. Add one, or leave it unset and name words in {nameof(Words)}.",
                nameof(Queries)
            );
        }
    }

    private void CheckMethods()
    {
        if (Methods.Count == 0)
        {
            throw new ArgumentException(
                $"{nameof(Methods)} is empty; name at least one, such as {nameof(GroundingMethods)}.{nameof(GroundingMethods.Paper)}.",
                nameof(Methods)
            );
        }

        foreach (GroundingMethod method in Methods)
        {
            method.Validate();
            RequireQueries(method);
        }

        if (Methods.GroupBy(method => method.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"Two methods have the name '{twice.Key}'. Give each a name of its own, which names its column.",
                nameof(Methods)
            );
        }
    }

    private void RequireQueries(GroundingMethod method)
    {
        CapturePlan plan = PlanOf([method], default);
        foreach (QueryRole role in Enum.GetValues<QueryRole>())
        {
            if (plan.Needs(role) && Lacks(role))
            {
                throw new ArgumentException(
                    $"Method '{method.Name}' needs a query of role {role}, but {nameof(Queries)} has none. Add one, or leave the method out."
                );
            }
        }
    }
}
