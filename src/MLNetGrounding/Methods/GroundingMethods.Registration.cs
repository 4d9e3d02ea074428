using MLNetGrounding.Methods;

namespace MLNetGrounding;

public static partial class GroundingMethods
{
    /// <summary>
    /// Names a method that was written outside of this library, so that pipelines with it can be saved and loaded. Call it once where the
    /// program starts, in every program that saves or loads them; a saved model names no code, and this call is what brings it.
    /// </summary>
    /// <remarks>
    /// Saved are the record's public properties that can be set, by name, as JSON; what is not known is refused when a model is loaded, and
    /// <see cref="GroundingMethod.Validate"/> checks the values. So once models are saved, a property is not renamed or removed, and one
    /// that is added has a default that does what was done without it.
    /// </remarks>
    /// <typeparam name="TMethod">The method: a record that is not abstract.</typeparam>
    /// <param name="kind">
    /// The name in saved models, with a dot in it, such as <c>Contoso.StrongestHead</c>: names without one are this library's. Never
    /// changed.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The name has no dot or is taken, or the method is abstract, is this library's or has another name already.
    /// </exception>
    public static void Register<TMethod>(string kind)
        where TMethod : GroundingMethod => MethodKinds.Register(typeof(TMethod), kind);
}
