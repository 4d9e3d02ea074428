using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Saving;

namespace MLNetGrounding.Attention;

/// <summary>
/// A transformer's share of a model: open from the start, or, where the transformer was loaded, found and opened when it is first needed.
/// </summary>
/// <remarks>
/// Used by several threads at a time. What was never opened needs no release; a search that failed is made again at the next use.
/// </remarks>
internal sealed class ModelSource : IDisposable
{
    private readonly object _lock = new();
    private readonly SavedModelOrigin? _origin;
    private readonly Func<CheckpointReference, string?>? _resolver;
    private SavedCheckpoint? _saved;
    private VisionLanguageModel? _model;
    private bool _disposed;

    /// <summary>Takes over an open model.</summary>
    public ModelSource(VisionLanguageModel ownedModel)
    {
        _model = ownedModel;
        Model = ownedModel.Info;
    }

    /// <summary>Remembers a checkpoint of a saved model.</summary>
    public ModelSource(SavedCheckpoint saved, SavedModelOrigin origin)
    {
        saved.Check();
        _saved = saved;
        _origin = origin;
        _resolver = origin.Resolver;
        Model = saved.Model;
    }

    /// <summary>What is known before the model is open.</summary>
    public ModelInfo Model { get; }

    /// <summary>The model; it stays this object's to dispose.</summary>
    /// <exception cref="ObjectDisposedException">The share was given up.</exception>
    /// <exception cref="CheckpointException">The checkpoint is not found, or is another one than was saved.</exception>
    public VisionLanguageModel Open()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(VisionLanguageModel));
            return _model ??= Find();
        }
    }

    /// <summary>The checkpoint as a saved model names it.</summary>
    public SavedCheckpoint ToSaved()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(VisionLanguageModel));
            if (_saved is null)
            {
                return _saved = SavedCheckpoint.Of(_model!);
            }

            // A loaded model that is saved again, elsewhere, shall be found from there.
            string? found = _model?.Directory ?? _saved.Candidates(_origin?.Folder).FirstOrDefault(Directory.Exists);
            return found is null ? _saved : _saved.At(found);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _model?.Dispose();
        }
    }

    private VisionLanguageModel Find()
    {
        SavedCheckpoint saved = _saved!;
        List<string> reasons =
            saved.Location is null || saved.HasUsableLocation
                ? []
                : [$"'{saved.Location}', where it was saved, is no plain full path on this machine, so that it was not looked at"];
        string? resolved = (_resolver ?? CheckpointLocator.Resolver)?.Invoke(
            new CheckpointReference(saved.Name, saved.Location, _origin!.Folder)
        );
        foreach (string folder in resolved is null ? saved.Candidates(_origin!.Folder).Distinct(StringComparer.Ordinal) : [resolved])
        {
            if (Reason(folder) is not { } reason)
            {
                VisionLanguageModel model = HostModel.Open(_origin!.Environment, folder, saved.Precision);
                return model.Info == saved.Model
                    ? model
                    : throw Refuse(
                        model,
                        new SavedModelException(
                            $"The saved model describes '{saved.Name}' otherwise than its own {CheckpointSettings.ConfigurationFileName} does."
                        )
                    );
            }

            reasons.Add($"'{folder}' {reason}");
        }

        throw new CheckpointException(
            resolved ?? saved.Location ?? saved.Name,
            $"the checkpoint '{saved.Name}' of the saved model was not found: {string.Join("; ", reasons)}. Put the folder '{saved.Name}' beside the saved model, or set {nameof(CheckpointLocator)}.{nameof(CheckpointLocator.Resolver)}."
        );
    }

    /// <summary>Why a folder is not the checkpoint, or <see langword="null"/> where it is.</summary>
    private string? Reason(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return "does not exist";
        }

        try
        {
            IReadOnlyList<string> differences = CheckpointIdentity.Of(folder).DifferencesFrom(_saved!.Identity);
            return differences.Count == 0 ? null : $"holds another checkpoint (different: {string.Join(", ", differences)})";
        }
        catch (CheckpointException exception)
        {
            return $"is no checkpoint ({exception.Message})";
        }
    }

    private static SavedModelException Refuse(VisionLanguageModel model, SavedModelException exception)
    {
        model.Dispose();
        return exception;
    }
}
