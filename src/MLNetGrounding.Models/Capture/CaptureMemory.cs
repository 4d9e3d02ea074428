namespace MLNetGrounding.Models.Capture;

/// <summary>
/// The arrays of captures that follow one another: the maps and flow of an image are tens of megabytes, which are dear to allocate anew.
/// </summary>
/// <remarks>A capture's arrays are valid until the next capture with the same memory. For one capture at a time.</remarks>
internal sealed class CaptureMemory
{
    private readonly List<float[]> _taken = [];
    private readonly List<float[]> _free = [];

    /// <summary>Frees the arrays of the capture before, and lets go of those that it did not take.</summary>
    public void Begin()
    {
        _free.Clear();
        _free.AddRange(_taken);
        _taken.Clear();
    }

    /// <summary>An array of any content.</summary>
    public float[] Take(int length)
    {
        int index = _free.FindIndex(array => array.Length == length);
        float[] taken = index < 0 ? GC.AllocateUninitializedArray<float>(length) : _free[index];
        if (index >= 0)
        {
            _free.RemoveAt(index);
        }

        _taken.Add(taken);
        return taken;
    }
}
