namespace Ottla.Protocol.Generator.Schema;

/// <summary>What is wrong with a schema file, and on which line, from 0.</summary>
internal readonly record struct SchemaError(int Line, string Message);
