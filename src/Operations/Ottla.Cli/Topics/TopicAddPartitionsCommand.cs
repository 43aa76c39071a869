using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Client;

namespace Ottla.Cli.Topics;

/// <summary><c>ottla topic add-partitions</c>.</summary>
internal static class TopicAddPartitionsCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> name = TopicCommand.CreateNameArgument();
        var total = new Argument<int>("total") { Description = "How many partitions there shall be in all" };
        return new Command("add-partitions", "Raise a topic's number of partitions; keys may then land in other partitions") { name, total }.Runs(
            console,
            async (context, cancellationToken) =>
            {
                await using OttlaClient client = context.Connect();
                await client.Admin.Topics.AddPartitionsAsync(context.Get(name), context.Get(total), cancellationToken);
                await context.Output.WriteLineAsync($"{context.Get(name)} has {context.Get(total)} partitions");
            });
    }
}
