using System.Text;

namespace Ottla.Cli.CommandLine;

/// <summary>Where a command reads and writes, so that tests can look. Text goes out when it is flushed or the command ends.</summary>
internal sealed class CliConsole(TextWriter output, TextWriter error, Func<Stream> openInput)
{
    public TextWriter Output => output;

    public TextWriter Error => error;

    /// <summary>The terminal's width in characters; null when nobody wraps lines.</summary>
    public int? Width { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Standard input.</summary>
    public Stream OpenInput() => openInput();

    /// <summary>A console whose output can be read back.</summary>
    public static (CliConsole Console, StringWriter Output, StringWriter Error) ForTests(string input = "")
    {
        var output = new StringWriter();
        var error = new StringWriter();
        return (new CliConsole(output, error, () => new MemoryStream(Encoding.UTF8.GetBytes(input))), output, error);
    }
}
