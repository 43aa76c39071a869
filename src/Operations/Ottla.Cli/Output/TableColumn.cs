namespace Ottla.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Cell">What stands in a row.</param>
/// <param name="IsNumber">Whether it is aligned to the right.</param>
internal sealed record TableColumn<T>(string Title, Func<T, string> Cell, bool IsNumber = false);
