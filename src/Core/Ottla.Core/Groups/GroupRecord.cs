namespace Ottla.Core.Groups;

/// <summary>A durable record of <c>__consumer_offsets</c>. Its bytes are Kafka's; see <see cref="GroupRecordFormat"/>.</summary>
public abstract record GroupRecord;
