namespace MLNetGrounding.Examples;

/// <summary>What was asked for cannot be done; the message says why, and what to do.</summary>
internal sealed class CommandException(string message) : Exception(message);
