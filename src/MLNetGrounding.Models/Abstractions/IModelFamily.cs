using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Abstractions;

/// <summary>A family of models: all that says <c>model_type</c> in its <c>config.json</c>.</summary>
internal interface IModelFamily
{
    /// <summary>The value of <c>model_type</c>.</summary>
    string ModelType { get; }

    /// <summary>Reads and checks the settings of a checkpoint; weights are not touched.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <exception cref="CheckpointException">A setting is missing, wrong or not understood.</exception>
    IModelArchitecture Read(string directory);

    /// <summary>
    /// Why a checkpoint of another <c>model_type</c> that is close to the family cannot be opened and what can be instead;
    /// <see langword="null"/> of any other.
    /// </summary>
    /// <param name="configuration">Its <c>config.json</c>.</param>
    string? Refuse(JsonSettings configuration) => null;
}
