namespace Ottla.Broker.Requests;

/// <summary>A request that this broker does not understand. There is no answer that its sender would understand, so the connection is closed.</summary>
internal sealed class RequestRefusedException(string message) : Exception(message);
