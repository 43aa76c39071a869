using Ottla.Core.Metadata;
using Ottla.Protocol;

namespace Ottla.Core.Controller;

/// <summary>What one part of the controller decided: records to append, and the answer for when they are committed.</summary>
/// <param name="Records">Records in order; none when nothing changes.</param>
/// <param name="Response">The answer.</param>
internal readonly record struct ControllerDecision(IReadOnlyList<MetadataRecord> Records, IMessage Response);
