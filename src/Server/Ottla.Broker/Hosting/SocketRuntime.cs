namespace Ottla.Broker.Hosting;

/// <summary>
/// Settings of the .NET runtime that decide what a request costs, read once by the runtime: to be called first thing in a program that
/// serves, before anything touches a socket or the thread pool.
/// </summary>
public static class SocketRuntime
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Runs what follows a receive on the thread that epoll woke, instead of waking another. Measured at 100 bytes a request with pauses:
    /// 30 microseconds of CPU instead of 220. Its price is that a handler must never block; Ottla's cold reads and syncs have threads of
    /// their own. A value that is set already stands.
    /// </summary>
    public static void PreferInlineCompletions()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null)
        {
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
        }
    }
}
