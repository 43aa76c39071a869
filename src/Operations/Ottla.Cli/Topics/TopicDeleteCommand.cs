using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Client;

namespace Ottla.Cli.Topics;

/// <summary><c>ottla topic delete</c>.</summary>
internal static class TopicDeleteCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string[]> names = TopicCommand.CreateNamesArgument();
        return new Command("delete", "Delete topics and all their records") { names }.Runs(
            console,
            async (context, cancellationToken) =>
            {
                await using OttlaClient client = context.Connect();
                foreach (string name in context.Get(names))
                {
                    // Asked first, because the deletion's own answer for an unknown topic counts as one that may pass.
                    await client.Admin.Topics.DescribeAsync(name, cancellationToken);
                    await client.Admin.Topics.DeleteAsync(name, cancellationToken);
                    await context.Output.WriteLineAsync($"{name} deleted");
                }
            });
    }
}
