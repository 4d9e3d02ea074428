namespace MLNetGrounding.MlNet;

/// <summary>
/// Names the <see cref="IComponentReader"/> of this assembly. Only the topmost room knows all components; with this attribute it says so,
/// and this room, which ML.NET calls, need not know it.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class ComponentReaderAttribute(Type reader) : Attribute
{
    public Type Reader { get; } = reader;
}
