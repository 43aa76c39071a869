namespace Ottla.Protocol.Generator.Schema;

/// <summary>The types of Kafka's protocol that a field or an array's element can have.</summary>
internal enum FieldKind
{
    Bool,
    Int8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    Float64,
    Uuid,
    String,
    Bytes,
    Records,
    Struct,
}
