namespace Ottla.Client.Administration;

/// <summary>A group in detail.</summary>
/// <param name="GroupId">The group's id.</param>
/// <param name="State">Its state: <c>PreparingRebalance</c>, <c>CompletingRebalance</c>, <c>Stable</c>, <c>Empty</c> or <c>Dead</c>.</param>
/// <param name="ProtocolType">What kind of clients it is made of.</param>
/// <param name="Protocol">The assignor that its members agreed on.</param>
/// <param name="Coordinator">The broker that coordinates it.</param>
/// <param name="Members">Its members.</param>
public sealed record GroupDescription(
    string GroupId, string State, string ProtocolType, string Protocol, BrokerAddress Coordinator, IReadOnlyList<GroupMemberDescription> Members);
