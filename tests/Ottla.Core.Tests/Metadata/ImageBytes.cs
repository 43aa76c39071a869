using Ottla.Core.Metadata;

namespace Ottla.Core.Tests.Metadata;

/// <summary>An image as the bytes of its snapshot: equal images give equal bytes.</summary>
internal static class ImageBytes
{
    public static string Of(MetadataImage image) =>
        string.Join('\n', MetadataImageRecords.ToRecords(image).Select(static record => Convert.ToHexString(MetadataRecordCodec.Encode(record))));
}
