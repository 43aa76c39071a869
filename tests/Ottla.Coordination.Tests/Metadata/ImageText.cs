using System.Globalization;
using System.Text;
using Ottla.Core.Metadata;

namespace Ottla.Coordination.Tests.Metadata;

/// <summary>What requests have changed in an image, as text: without what each start changes, which is registrations and epochs.</summary>
internal static class ImageText
{
    public static string Of(MetadataImage image)
    {
        StringBuilder text = new();
        foreach (TopicImage topic in image.Topics.ByName.Values)
        {
            text.Append(CultureInfo.InvariantCulture, $"{topic.Name} {topic.Id} {topic.Partitions.Length} ");
            text.AppendJoin(',', image.Configs.ForTopic(topic.Name).Select(config => $"{config.Key}={config.Value}")).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"producer ids from {image.NextProducerId}");
        return text.ToString();
    }
}
