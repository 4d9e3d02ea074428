namespace MLNetGrounding.Maths.Heads;

/// <summary>The slow, obvious twin of <see cref="ConnectedComponents"/>.</summary>
internal static class FloodFill
{
    public static bool[] Largest(bool[] active, int height, int width, Connectivity connectivity)
    {
        bool[] seen = new bool[active.Length];
        List<int> largest = [];
        for (int start = 0; start < active.Length; start++)
        {
            if (!active[start] || seen[start])
            {
                continue;
            }
            List<int> component = [start];
            seen[start] = true;
            for (int index = 0; index < component.Count; index++)
            {
                (int row, int column) = (component[index] / width, component[index] % width);
                for (int down = -1; down <= 1; down++)
                {
                    for (int right = -1; right <= 1; right++)
                    {
                        (int r, int c) = (row + down, column + right);
                        bool neighbor = connectivity == Connectivity.Eight || down == 0 || right == 0;
                        if (neighbor && r >= 0 && r < height && c >= 0 && c < width && active[r * width + c] && !seen[r * width + c])
                        {
                            seen[r * width + c] = true;
                            component.Add(r * width + c);
                        }
                    }
                }
            }
            if (component.Count > largest.Count)
            {
                largest = component;
            }
        }
        bool[] cells = new bool[active.Length];
        largest.ForEach(cell => cells[cell] = true);
        return cells;
    }
}
