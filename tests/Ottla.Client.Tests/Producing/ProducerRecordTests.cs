using Ottla.Client.Producing;

namespace Ottla.Client.Tests.Producing;

public sealed class ProducerRecordTests
{
    [Fact]
    public void A_null_text_is_null_and_not_empty()
    {
        ProducerRecord record = ProducerRecord.OfText("t", null, null);
        Assert.Null(record.Key);
        Assert.Null(record.Value);
    }

    [Fact]
    public void An_empty_text_is_empty_and_not_null()
    {
        ProducerRecord record = ProducerRecord.OfText("t", "", "");
        Assert.Equal(0, record.Key?.Length);
        Assert.Equal(0, record.Value?.Length);
    }
}
