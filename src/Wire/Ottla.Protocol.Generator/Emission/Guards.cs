using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Generator.Emission;

/// <summary>The parts that readers, measurers and writers begin with.</summary>
internal static class Guards
{
    public static bool CanBeFlexible(MessageSchema message, StructSchema block) => !message.Flexible.Intersect(block.Versions).IsEmpty;

    public static bool IsAlwaysFlexible(MessageSchema message, StructSchema block) => message.Flexible.Covers(block.Versions);

    public static void EmitVersionCheck(CodeWriter code, MessageSchema message)
    {
        code.Open($"if (version is < {message.Versions.Low} or > {message.Versions.High})");
        code.Line($"SchemaGuards.ThrowUnsupportedVersion(\"{message.ClassName}\", version);");
        code.Close();
        code.Line();
    }

    public static void EmitFlexibleLocal(CodeWriter code, MessageSchema message, StructSchema block)
    {
        if (CanBeFlexible(message, block) && !IsAlwaysFlexible(message, block))
        {
            code.Line($"bool flexible = version >= {message.Flexible.Low};");
        }
    }
}
