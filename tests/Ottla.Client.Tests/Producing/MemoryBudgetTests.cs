using Ottla.Client.Producing;

namespace Ottla.Client.Tests.Producing;

public sealed class MemoryBudgetTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_waits_for_memory_is_served_in_order()
    {
        var budget = new MemoryBudget(100);
        Assert.True(budget.TryReserve(90));
        Task large = budget.ReserveAsync(60, Token).AsTask();
        Task small = budget.ReserveAsync(5, Token).AsTask();

        Assert.False(budget.TryReserve(1));
        Assert.False(small.IsCompleted);
        budget.Release(90);
        await large;
        await small;
        Assert.Equal(65, budget.UsedBytes);
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_takes_nothing_and_lets_the_next_one_pass()
    {
        var budget = new MemoryBudget(100);
        Assert.True(budget.TryReserve(90));
        using var cancelled = new CancellationTokenSource();
        Task first = budget.ReserveAsync(60, cancelled.Token).AsTask();
        Task second = budget.ReserveAsync(10, Token).AsTask();

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await second;
        Assert.Equal(100, budget.UsedBytes);
    }

    [Fact]
    public void A_record_above_the_limit_passes_alone()
    {
        var budget = new MemoryBudget(100);
        Assert.True(budget.TryReserve(1000));
        Assert.False(budget.TryReserve(1));
        budget.Release(1000);
        Assert.Equal(0, budget.UsedBytes);
    }
}
