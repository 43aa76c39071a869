namespace Ottla.Protocol;

/// <summary>On which kinds of listener an API is offered.</summary>
[Flags]
public enum ApiListeners
{
    /// <summary>On none.</summary>
    None = 0,

    /// <summary>On the listeners of a broker, for clients and other brokers.</summary>
    Broker = 1,

    /// <summary>On the listeners of a controller.</summary>
    Controller = 2,
}
