using Microsoft.Extensions.Hosting;

namespace Ottla.Http;

/// <summary>The process and its signals belong to the broker: the web host starts and stops only when it is told to.</summary>
internal sealed class ForeignLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
