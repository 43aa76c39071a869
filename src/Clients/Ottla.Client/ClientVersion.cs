namespace Ottla.Client;

/// <summary>The version that the client tells brokers.</summary>
internal static class ClientVersion
{
    public static string Text { get; } = typeof(ClientVersion).Assembly.GetName().Version?.ToString(3) ?? "0";
}
