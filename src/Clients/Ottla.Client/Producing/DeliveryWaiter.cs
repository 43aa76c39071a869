namespace Ottla.Client.Producing;

/// <summary>Somebody who awaits a record of a batch.</summary>
internal readonly struct DeliveryWaiter
{
    private readonly Action<object?> _continuation;
    private readonly object? _state;
    private readonly ExecutionContext? _executionContext;
    private readonly SynchronizationContext? _synchronizationContext;

    public DeliveryWaiter(Action<object?> continuation, object? state, bool flowsExecutionContext, bool usesSchedulingContext)
    {
        _continuation = continuation;
        _state = state;
        _executionContext = flowsExecutionContext ? ExecutionContext.Capture() : null;
        _synchronizationContext = usesSchedulingContext ? SynchronizationContext.Current : null;
    }

    public void Resume()
    {
        if (_synchronizationContext is { } target)
        {
#pragma warning disable VSTHRD001 // whoever awaited asked to go on in this context, which is what a task source has to do
            target.Post(static boxed => ((DeliveryWaiter)boxed!).Run(), this); // the box holds the waiter given here
#pragma warning restore VSTHRD001
            return;
        }

        Run();
    }

    private void Run()
    {
        if (_executionContext is { } context)
        {
            ExecutionContext.Run(context, static boxed => ((DeliveryWaiter)boxed!).Call(), this); // likewise
            return;
        }

        Call();
    }

    private void Call() => _continuation(_state);
}
