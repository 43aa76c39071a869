using System.CommandLine;
using Ottla.Cli.CommandLine;

namespace Ottla.Cli.Topics;

/// <summary><c>ottla topic</c>.</summary>
internal static class TopicCommand
{
    public static Command Create(CliConsole console) => new("topic", "Create, list, describe, alter and delete topics")
    {
        TopicCreateCommand.Create(console),
        TopicListCommand.Create(console),
        TopicDescribeCommand.Create(console),
        TopicAlterCommand.Create(console),
        TopicAddPartitionsCommand.Create(console),
        TopicDeleteCommand.Create(console),
        TopicOffsetsCommand.Create(console),
    };

    public static Argument<string> CreateNameArgument() => new("topic") { Description = "The topic's name" };

    public static Argument<string[]> CreateNamesArgument() => new("topic")
    {
        Description = "The topics' names",
        Arity = ArgumentArity.OneOrMore,
    };
}
