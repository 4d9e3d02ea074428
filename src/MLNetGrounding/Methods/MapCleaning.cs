namespace MLNetGrounding.Methods;

/// <summary>What is taken out of a query's maps before a method reads them, in this order.</summary>
/// <param name="Sinks">Attention sinks; <see langword="null"/> leaves them.</param>
/// <param name="ConstantCells">Cells that stand out whatever is asked; <see langword="null"/> leaves them.</param>
internal readonly record struct MapCleaning(AttentionSinkRemoval? Sinks, ConstantCellRemoval? ConstantCells);
