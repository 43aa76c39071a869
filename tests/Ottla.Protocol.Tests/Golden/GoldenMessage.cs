using System.Globalization;

namespace Ottla.Protocol.Tests.Golden;

/// <summary>A random message as Apache Kafka's own classes write it.</summary>
internal sealed record GoldenMessage(MessageDescription Description, short Version, byte[] Bytes)
{
    /// <summary>All messages of <c>kafka-4.3.1-messages.txt</c>.</summary>
    public static IEnumerable<GoldenMessage> ReadAll()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", "kafka-4.3.1-messages.txt");
        Dictionary<string, MessageDescription> byName = MessageCatalog.All.ToDictionary(message => message.Name);
        foreach (string[] words in File.ReadLines(path).Where(line => !line.StartsWith('#')).Select(line => line.Split(' ')))
        {
            string hex = words.Length > 2 ? words[2] : "";
            yield return new GoldenMessage(byName[words[0]], short.Parse(words[1], CultureInfo.InvariantCulture), Convert.FromHexString(hex));
        }
    }
}
