using Ottla.Core;
using Ottla.Core.Controller;
using Ottla.Protocol;

namespace Ottla.Coordination.Metadata;

/// <summary>A command in the host's mailbox, and whoever waits for its answer.</summary>
internal sealed class PendingCommand
{
    private readonly Func<RequestToken, ControllerCommand> _command;
    private readonly TaskCompletionSource<MetadataAnswer<IMessage>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PendingCommand(Func<RequestToken, ControllerCommand> command) => _command = command;

    public Task<MetadataAnswer<IMessage>> Answer => _answer.Task;

    /// <summary>The answer that waits for the commit; null until the command was decided.</summary>
    public IMessage? Decided { get; set; }

    public ControllerCommand ToCommand(RequestToken token) => _command(token);

    public void Fail(ErrorCode error) => _answer.TrySetResult(new MetadataAnswer<IMessage>(error, null));

    /// <summary>Gives the decided answer.</summary>
    public void Complete() => _answer.TrySetResult(Decided is { } response
        ? new MetadataAnswer<IMessage>(ErrorCode.None, response)
        : new MetadataAnswer<IMessage>(ErrorCode.UnknownServerError, null));
}
