using System.CommandLine;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Output;
using Ottla.Client;
using Ottla.Client.Administration;

namespace Ottla.Cli.Groups;

/// <summary><c>ottla group</c>.</summary>
internal static class GroupCommand
{
    public static Command Create(CliConsole console) => new("group", "List, describe, reset and delete consumer groups")
    {
        CreateList(console),
        GroupDescribeCommand.Create(console),
        GroupResetCommand.Create(console),
        CreateDelete(console),
    };

    public static Argument<string> CreateNameArgument() => new("group") { Description = "The group's id" };

    private static Command CreateList(CliConsole console) => new Command("list", "List groups").Runs(
        console,
        async (context, cancellationToken) =>
        {
            await using OttlaClient client = context.Connect();
            IReadOnlyList<ListedGroup> groups = await client.Admin.Groups.ListAsync(cancellationToken);
            IReadOnlyList<GroupRow> rows = [.. groups.Select(group => new GroupRow(group.GroupId, group.State, group.Type, group.ProtocolType))];
            context.Printer.Print(
                rows,
                CliJson.Default.IReadOnlyListGroupRow,
                new TableColumn<GroupRow>("GROUP", row => row.Group),
                new TableColumn<GroupRow>("STATE", row => row.State),
                new TableColumn<GroupRow>("TYPE", row => row.Type),
                new TableColumn<GroupRow>("PROTOCOL", row => row.Protocol));
        });

    private static Command CreateDelete(CliConsole console)
    {
        var names = new Argument<string[]>("group") { Description = "The groups' ids", Arity = ArgumentArity.OneOrMore };
        return new Command("delete", "Delete groups without members, and what they committed") { names }.Runs(
            console,
            async (context, cancellationToken) =>
            {
                await using OttlaClient client = context.Connect();
                foreach (string name in context.Get(names))
                {
                    await client.Admin.Groups.DeleteAsync(name, cancellationToken);
                    await context.Output.WriteLineAsync($"{name} deleted");
                }
            });
    }
}
