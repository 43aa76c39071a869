using System.CommandLine;

namespace Ottla.Cli.CommandLine;

/// <summary><c>ottla completion SHELL</c>: a script that asks ottla itself what may come next, by its <c>[suggest]</c> directive.</summary>
internal static class CompletionCommand
{
    // What was typed as the command is what is asked, so that ./ottla completes where ottla is not on PATH.
    private const string Bash = """
        # Load with: source <(ottla completion bash)
        _ottla() {
            mapfile -t COMPREPLY < <(compgen -W "$("${1/#\~/$HOME}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "$2")
        }
        complete -o default -F _ottla ottla
        """;

    private const string Zsh = """
        # Load, after compinit, with: source <(ottla completion zsh)
        _ottla() {
            local line="${(j: :)words[1,CURRENT]}"
            local -a suggestions
            suggestions=("${(@f)$(${~words[1]} "[suggest:${#line}]" "${line}" 2>/dev/null)}")
            compadd -a suggestions || _files
        }
        compdef _ottla ottla
        """;

    private const string Fish = """
        # Load with: ottla completion fish | source
        function __ottla_suggestions
            set -l line (commandline -cp)
            set -l words (commandline -opc)
            $words[1] "[suggest:"(string length -- $line)"]" $line 2>/dev/null
        end
        complete -c ottla -a '(__ottla_suggestions)'
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
