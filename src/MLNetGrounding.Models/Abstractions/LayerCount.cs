namespace MLNetGrounding.Models.Abstractions;

/// <summary>How many layers a setting states, to be held against the files before anything of that number is made.</summary>
/// <param name="Setting">The setting, such as <c>text_config.num_hidden_layers</c>.</param>
/// <param name="Count">What it states.</param>
/// <param name="Prefix">What the canonical names of the layers' tensors begin with, up to the number.</param>
internal sealed record LayerCount(string Setting, int Count, string Prefix);
