using Ottla.Coordination.Hosts;
using Ottla.Core.Groups;

namespace Ottla.Coordination.Groups;

/// <summary>The bytes of <c>__consumer_offsets</c> records, for the host.</summary>
internal sealed class GroupRecords : ICoordinatorRecordFormat<GroupRecord>
{
    public ReadOnlyMemory<byte> WriteKey(GroupRecord record) => GroupRecordFormat.WriteKey(record);

    public ReadOnlyMemory<byte>? WriteValue(GroupRecord record) => GroupRecordFormat.WriteValue(record);

    public GroupRecord? Read(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value) => GroupRecordFormat.Read(key, value);
}
