namespace Ottla.Protocol;

/// <summary>One message type, for code that goes over all of them.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Versions">The versions that can be read and written.</param>
/// <param name="FirstFlexibleVersion">The first flexible version, or <see cref="short.MaxValue"/> when none is.</param>
/// <param name="Create">Makes an empty message.</param>
/// <param name="Read">Reads a message.</param>
public sealed record MessageDescription(string Name, VersionRange Versions, short FirstFlexibleVersion, Func<IMessage> Create, MessageReader Read);
