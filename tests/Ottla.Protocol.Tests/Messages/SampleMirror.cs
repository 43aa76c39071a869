using System.Collections;
using System.Reflection;
using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Tests.Messages;

/// <summary>Carries samples into generated objects and compares the two, by the names of properties.</summary>
internal static class SampleMirror
{
    public static Type TypeOf(MessageSchema message) =>
        typeof(IMessage).Assembly.GetType($"{message.Namespace}.{message.ClassName}", throwOnError: true).OrFail();

    public static IMessage Build(MessageSchema message, SampleStruct sample) => (IMessage)BuildStruct(TypeOf(message), message.Root, sample);

    public static void Set(object target, FieldSchema field, object? value)
    {
        PropertyInfo property = target.GetType().GetProperty(field.Name).OrFail();
        property.SetValue(target, Convert(property.PropertyType, field, value));
    }

    /// <summary>Fails unless every field of the object has the sample's value, and every field that the sample lacks its default.</summary>
    public static void AssertEqual(StructSchema block, SampleStruct sample, object actual, string path)
    {
        foreach (FieldSchema field in block.Fields)
        {
            object? expected = sample.Fields.TryGetValue(field.Name, out object? held) ? held : SampleDefaults.Of(field);
            object? value = actual.GetType().GetProperty(field.Name).OrFail().GetValue(actual);
            AssertField(field, expected, value, $"{path}.{field.Name}");
        }
    }

    private static void AssertField(FieldSchema field, object? expected, object? value, string path)
    {
        switch (expected)
        {
            case List<object> items:
                IList list = Assert.IsAssignableFrom<IList>(value);
                Assert.True(items.Count == list.Count, $"{path} has {list.Count} elements, not {items.Count}.");
                for (int index = 0; index < items.Count; index++)
                {
                    AssertField(field, items[index], list[index], $"{path}[{index}]");
                }

                break;
            case SampleStruct inner:
                Assert.True(value is not null, $"{path} is null.");
                AssertEqual(field.Struct.OrFail(), inner, value, path);
                break;
            case byte[] bytes:
                Assert.True(value is ReadOnlyMemory<byte> memory && memory.Span.SequenceEqual(bytes), $"{path} has other bytes.");
                break;
            case short code when value is ErrorCode error:
                Assert.True((short)error == code, $"{path} is {error}, not {code}.");
                break;
            default:
                Assert.True(Equals(expected, value), $"{path} is {value ?? "null"}, not {expected ?? "null"}.");
                break;
        }
    }

    private static object BuildStruct(Type type, StructSchema block, SampleStruct sample)
    {
        object built = Activator.CreateInstance(type).OrFail();
        foreach (FieldSchema field in block.Fields)
        {
            if (sample.Fields.TryGetValue(field.Name, out object? value))
            {
                Set(built, field, value);
            }
        }

        return built;
    }

    private static object? Convert(Type type, FieldSchema field, object? value)
    {
        switch (value)
        {
            case List<object> items:
                IList list = (IList)Activator.CreateInstance(type).OrFail();
                foreach (object item in items)
                {
                    list.Add(Convert(type.GetGenericArguments()[0], field, item));
                }

                return list;
            case SampleStruct inner:
                return BuildStruct(type, field.Struct.OrFail(), inner);
            case byte[] bytes:
                return new ReadOnlyMemory<byte>(bytes);
            case short code when type == typeof(ErrorCode):
                return (ErrorCode)code;
            default:
                return value;
        }
    }
}
