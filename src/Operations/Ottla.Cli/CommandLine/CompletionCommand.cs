using System.CommandLine;

namespace Ottla.Cli.CommandLine;

/// <summary><c>ottla completion SHELL</c>: a script that asks ottla itself what may come next, by its <c>[suggest]</c> directive.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # Load with: source <(ottla completion bash)
        _ottla() {
            local words
            words=$(ottla "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
            COMPREPLY=($(compgen -W "${words}" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _ottla ottla
        """;

    private const string Zsh = """
        # Load with: source <(ottla completion zsh)
        _ottla() {
            local -a words
            words=("${(@f)$(ottla "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a words
        }
        compdef _ottla ottla
        """;

    private const string Fish = """
        # Load with: ottla completion fish | source
        complete -c ottla -f -a '(ottla "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create(CliConsole console)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return new Command("completion", "Print a script that completes ottla's commands in a shell") { shell }.Runs(
            console,
            async (context, _) => await context.Output.WriteLineAsync(context.Get(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            }));
    }
}
