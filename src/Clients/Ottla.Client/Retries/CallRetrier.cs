using Microsoft.Extensions.Logging;

namespace Ottla.Client.Retries;

/// <summary>Repeats a call for as long as it fails with something that may pass, within one deadline.</summary>
internal sealed class CallRetrier(Backoff backoff, OttlaClientOptions options, ILogger logger)
{
    /// <summary>Calls <paramref name="attempt"/> until it succeeds, fails for good, or <paramref name="timeout"/> is over.</summary>
    /// <param name="attempt">The call; a <see cref="KafkaException"/> that is retriable makes it run again.</param>
    /// <param name="beforeRetry">Runs before each repetition, with what failed: usually asks for fresh metadata.</param>
    /// <param name="timeout">The time for all attempts together.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public async ValueTask<T> CallAsync<T>(
        Func<CancellationToken, ValueTask<T>> attempt,
        Func<KafkaException, CancellationToken, ValueTask>? beforeRetry,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        TimeProvider timeProvider = options.TimeProvider;
        long started = timeProvider.GetTimestamp();
        for (int number = 0; ; number++)
        {
            try
            {
                return await attempt(cancellationToken).ConfigureAwait(false);
            }
            catch (KafkaException failure) when (failure.IsRetriable)
            {
                // Where no broker at all answers, the address is more likely wrong than the cluster slow.
                TimeSpan limit = failure.TriedAddresses.Count > 0 && options.BootstrapTimeout < timeout ? options.BootstrapTimeout : timeout;
                TimeSpan delay = backoff.Delay(number);
                if (timeProvider.GetElapsedTime(started) + delay >= limit)
                {
                    throw;
                }

                ClientLog.Retrying(logger, number + 1, delay.TotalMilliseconds, failure.Message);
                await Task.Delay(delay, timeProvider, cancellationToken).ConfigureAwait(false);
                if (beforeRetry is not null)
                {
                    await beforeRetry(failure, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }
}
