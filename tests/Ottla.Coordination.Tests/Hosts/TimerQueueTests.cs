using CsCheck;
using Ottla.Coordination.Hosts;

namespace Ottla.Coordination.Tests.Hosts;

public sealed class TimerQueueTests
{
    /// <summary>Against a plain dictionary: the same timers fire at the same times, whatever is set, moved and cancelled.</summary>
    [Fact]
    public void Timers_fire_when_they_are_due_and_only_then() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[-1, 30], Gen.Int[0, 5]).Array[0, 60].Sample(steps =>
        {
            var queue = new TimerQueue<int>();
            var model = new Dictionary<int, long>();
            long now = 0;
            foreach ((int timer, int delay, int pause) in steps)
            {
                if (delay < 0)
                {
                    queue.Cancel(timer);
                    model.Remove(timer);
                }
                else
                {
                    queue.Set(timer, now + delay);
                    model[timer] = now + delay;
                }

                now += pause;
                Assert.True(model.Count == 0 || queue.NextWake <= model.Values.Min());
                var fired = new List<int>();
                while (queue.TryTakeDue(now, out int due))
                {
                    fired.Add(due);
                }

                Assert.Equal(model.Where(entry => entry.Value <= now).Select(entry => entry.Key).Order(), fired.Order());
                foreach (int due in fired)
                {
                    model.Remove(due);
                }
            }
        });

    [Fact]
    public void A_timer_that_is_moved_again_and_again_takes_one_place()
    {
        var queue = new TimerQueue<int>();
        for (int i = 0; i < 1_000; i++)
        {
            queue.Set(1, 100 + i);
        }

        Assert.Equal(100, queue.NextWake);
        Assert.False(queue.TryTakeDue(100, out _));
        Assert.Equal(1_099, queue.NextWake);
    }

    [Fact]
    public void Timers_that_are_set_and_cancelled_again_and_again_take_no_more_places()
    {
        var queue = new TimerQueue<int>();
        queue.Set(0, 5_000);
        for (int timer = 1; timer < 100_000; timer++)
        {
            queue.Set(timer, 1_000_000);
            queue.Cancel(timer);
        }

        Assert.InRange(queue.Places, 1, 1_000);
        Assert.True(queue.TryTakeDue(5_000, out int due));
        Assert.Equal(0, due);
    }
}
