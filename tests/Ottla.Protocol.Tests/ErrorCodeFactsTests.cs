using System.Globalization;
using Ottla.Protocol.Tests.Schemas;

namespace Ottla.Protocol.Tests;

/// <summary>Our error codes against the list that Apache Kafka prints of its own.</summary>
public sealed class ErrorCodeFactsTests
{
    [Fact]
    public void Every_code_has_Kafkas_name_and_is_retried_and_refreshes_metadata_like_there()
    {
        string path = Path.GetFullPath(Path.Combine(SchemaFiles.RepositoryRoot, "..", "shared", "kafka", "reference", "errors.tsv"));
        Assert.SkipUnless(File.Exists(path), "Kafka's list of errors does not lie in ../shared/kafka/reference.");
        foreach (string[] row in File.ReadLines(path).Skip(1).Select(line => line.Split('\t')))
        {
            ErrorCode error = (ErrorCode)short.Parse(row[0], CultureInfo.InvariantCulture);

            Assert.True(Enum.IsDefined(error), $"{row[1]} is missing.");
            Assert.Equal(row[1], error.KafkaName());
            Assert.True((row[2] == "true") == error.IsRetriable(), $"{row[1]} is retriable: {row[2]}");
            Assert.True((row[3] == "true") == error.InvalidatesMetadata(), $"{row[1]} invalidates metadata: {row[3]}");
        }
    }

    [Fact]
    public void A_code_from_the_future_is_named_by_its_number() => Assert.Equal("9999", ((ErrorCode)9999).KafkaName());
}
