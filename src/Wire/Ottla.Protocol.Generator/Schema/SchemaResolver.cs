namespace Ottla.Protocol.Generator.Schema;

/// <summary>Connects the fields that name a struct with the struct that the file defines elsewhere.</summary>
internal static class SchemaResolver
{
    public static void Resolve(MessageSchema message, List<SchemaError> errors)
    {
        foreach (StructSchema block in message.Structs.Concat(new[] { message.Root }))
        {
            foreach (FieldSchema field in block.Fields)
            {
                if (field.Kind == FieldKind.Struct && field.Struct is null)
                {
                    field.Struct = message.Structs.FirstOrDefault(other => other.Name == field.StructName);
                    if (field.Struct is null)
                    {
                        errors.Add(new SchemaError(field.Line, $"{field.StructName} is neither a type nor a struct of this file."));
                    }
                }
            }
        }
    }
}
