namespace Ottla.Client.Administration;

/// <summary>A group in a list.</summary>
/// <param name="GroupId">The group's id.</param>
/// <param name="ProtocolType">What kind of clients it is made of: <c>consumer</c>, or empty for one that only has offsets.</param>
/// <param name="State">Its state, such as <c>Stable</c> or <c>Empty</c>; empty if the broker does not say.</param>
/// <param name="Type">Its protocol, <c>classic</c> or <c>consumer</c>; empty if the broker does not say.</param>
public sealed record ListedGroup(string GroupId, string ProtocolType, string State, string Type);
