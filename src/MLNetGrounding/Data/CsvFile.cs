namespace MLNetGrounding.Data;

/// <summary>Reads the records of a CSV file; a line break within quotes belongs to its field.</summary>
internal static class CsvFile
{
    /// <summary>The records that are not blank, each with the number of the line that it begins in, from 1.</summary>
    /// <exception cref="InvalidDataException">The file ends within quotes.</exception>
    public static IEnumerable<(int Line, List<string> Fields)> Records(string file)
    {
        string record = "";
        (int number, int first) = (0, 1);
        foreach (string line in File.ReadLines(file))
        {
            number++;
            first = record.Length == 0 ? number : first;
            record = record.Length == 0 ? line : $"{record}\n{line}";
            if (record.Count(character => character == '"') % 2 == 0)
            {
                if (!string.IsNullOrWhiteSpace(record))
                {
                    yield return (first, CsvLine.Split(record));
                }

                record = "";
            }
        }

        if (record.Length > 0)
        {
            throw new InvalidDataException($"'{file}' ends within quotes, which begin in line {first}.");
        }
    }
}
