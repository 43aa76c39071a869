using System.Diagnostics;
using Ottla.Tests.Processes;

namespace Ottla.Launcher.Tests;

public sealed class LauncherTests : IDisposable
{
    private readonly LauncherScenario _scenario = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task The_first_call_publishes_and_says_so_on_standard_error_only()
    {
        CommandResult first = await _scenario.RunAsync("arguments", "two words", "");

        Assert.Equal(1, _scenario.PublishCount);
        Assert.Contains("publishing the native file", first.Error, StringComparison.Ordinal);
        Assert.Equal("[arguments]\n[two words]\n[]\n", first.Output);
    }

    [Fact]
    public async Task A_second_call_publishes_nothing_and_says_nothing()
    {
        await _scenario.RunAsync("exit", "0");

        CommandResult second = await _scenario.RunAsync("exit", "0");

        Assert.Equal(1, _scenario.PublishCount);
        Assert.Empty(second.Error);
    }

    [Theory]
    [InlineData("src/Operations/Ottla.Cli/Program.cs")]
    [InlineData("src/Operations/Ottla.Cli/Ottla.Cli.csproj")]
    [InlineData("Directory.Build.props")]
    [InlineData("Directory.Packages.props")]
    [InlineData("global.json")]
    [InlineData("ottla")]
    public async Task A_changed_input_is_published_anew(string input)
    {
        await _scenario.RunAsync("exit", "0");

        _scenario.Touch(input);
        await _scenario.RunAsync("exit", "0");

        Assert.Equal(2, _scenario.PublishCount);
    }

    [Fact]
    public async Task A_removed_source_is_published_anew()
    {
        await _scenario.RunAsync("exit", "0");

        File.Delete(_scenario.Source("src/Operations/Ottla.Cli/Program.cs"));
        _scenario.Touch("src/Operations/Ottla.Cli");
        await _scenario.RunAsync("exit", "0");

        Assert.Equal(2, _scenario.PublishCount);
    }

    [Theory]
    [InlineData("bin")]
    [InlineData("obj")]
    public async Task What_a_build_writes_beside_the_sources_is_no_change(string folder)
    {
        await _scenario.RunAsync("exit", "0");

        File.WriteAllText(_scenario.Source($"src/Operations/Ottla.Cli/{folder}/made.cs"), "by a build");
        _scenario.Touch($"src/Operations/Ottla.Cli/{folder}/made.cs");
        await _scenario.RunAsync("exit", "0");

        Assert.Equal(1, _scenario.PublishCount);
    }

    [Fact]
    public async Task A_change_made_while_publishing_is_seen_by_the_next_call()
    {
        _scenario.Environment["OTTLA_TEST_PUBLISH_SECONDS"] = "1";
        await using ChildProcess publishing = ChildProcess.Start(_scenario.Command("exit", "0"));
        await WaitUntilAsync(() => _scenario.PublishCount == 1);
        File.WriteAllText(_scenario.Source("src/Operations/Ottla.Cli/Program.cs"), "changed");
        await publishing.WaitForExitAsync(TimeSpan.FromSeconds(20), Cancellation);

        await _scenario.RunAsync("exit", "0");

        Assert.Equal(2, _scenario.PublishCount);
    }

    [Fact]
    public async Task Two_calls_at_once_publish_once_and_both_run()
    {
        _scenario.Environment["OTTLA_TEST_PUBLISH_SECONDS"] = "0.5";

        CommandResult[] both = await Task.WhenAll(_scenario.RunAsync("exit", "3"), _scenario.RunAsync("exit", "3"));

        Assert.Equal(1, _scenario.PublishCount);
        Assert.All(both, result => Assert.Equal(3, result.ExitCode));
        Assert.Contains(both, result => result.Error.Contains("waiting for it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_running_broker_keeps_its_file_when_a_new_one_is_published()
    {
        await using ChildProcess running = ChildProcess.Start(_scenario.Command("serve"));
        await running.WaitForLineAsync("serving", TimeSpan.FromSeconds(20), Cancellation);
        string first = CurrentFolder();

        _scenario.Touch("src/Operations/Ottla.Cli/Program.cs");
        await _scenario.RunAsync("exit", "0");

        Assert.NotEqual(first, CurrentFolder());
        Assert.True(File.Exists(Path.Combine(first, "ottla")));
        Assert.False(running.HasExited);
    }

    [Fact]
    public async Task Only_the_current_and_the_previous_publish_stay_on_disk()
    {
        for (int i = 0; i < 4; i++)
        {
            _scenario.Touch("src/Operations/Ottla.Cli/Program.cs");
            await _scenario.RunAsync("exit", "0");
        }

        Assert.Equal(4, _scenario.PublishCount);
        Assert.Equal(2, Directory.GetDirectories(_scenario.Source("artifacts/ottla/native"), "build.*").Length);
    }

    [Fact]
    public async Task The_exit_code_is_the_programs_own()
    {
        CommandResult result = await _scenario.RunAsync("exit", "42");

        Assert.Equal(42, result.ExitCode);
    }

    [Fact]
    public async Task The_launcher_becomes_the_program()
    {
        await _scenario.RunAsync("exit", "0");
        await using ChildProcess child = ChildProcess.Start(_scenario.Command("pid"));

        CommandResult result = await child.WaitForExitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Equal(child.Id.ToString(), result.Output.Trim());
    }

    [Fact]
    public async Task A_signal_reaches_the_program()
    {
        await using ChildProcess child = ChildProcess.Start(_scenario.Command("serve"));
        await child.WaitForLineAsync("serving", TimeSpan.FromSeconds(20), Cancellation);

        child.RequestStop();
        CommandResult result = await child.WaitForExitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Equal(7, result.ExitCode);
        Assert.EndsWith("stopped\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_is_left_to_the_program_even_when_it_is_published_first()
    {
        CommandResult result = await ChildProcess.RunAsync(_scenario.Command("input") with { Input = "a line\n"u8.ToArray() }, Cancellation);

        Assert.Equal("a line\n", result.Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_launcher_that_is_stopped_while_publishing_leaves_no_process_behind(bool interrupt)
    {
        string seconds = $"30.{System.Environment.ProcessId}{(interrupt ? 1 : 2)}";
        _scenario.Environment["OTTLA_TEST_PUBLISH_SECONDS"] = seconds;
        await using ChildProcess child = ChildProcess.Start(_scenario.Command("exit", "0"));
        await WaitUntilAsync(() => CountProcesses(seconds) > 0);

        if (interrupt)
        {
            child.RequestInterrupt();
        }
        else
        {
            child.RequestStop();
        }

        CommandResult result = await child.WaitForExitAsync(TimeSpan.FromSeconds(20), Cancellation);
        await WaitUntilAsync(() => CountProcesses(seconds) == 0);
        Assert.Equal(interrupt ? 130 : 143, result.ExitCode);
        Assert.False(Directory.Exists(_scenario.Source("artifacts/ottla/native/current")));
    }

    [Fact]
    public async Task OTTLA_JIT_runs_a_plain_build_and_the_variable_is_not_passed_on()
    {
        _scenario.Environment["OTTLA_JIT"] = "1";

        CommandResult result = await _scenario.RunAsync("jit");

        Assert.Equal("jit=removed\n", result.Output);
        Assert.Contains("PublishAot=false", _scenario.LastPublish, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_without_a_linker_runs_a_plain_build_and_says_so_in_one_line()
    {
        await _scenario.RunAsync("exit", "0");
        _scenario.HasLinker = false;

        await _scenario.RunAsync("exit", "0");
        CommandResult again = await _scenario.RunAsync("exit", "0");

        Assert.Contains("PublishAot=false", _scenario.LastPublish, StringComparison.Ordinal);
        Assert.Equal(2, _scenario.PublishCount);
        Assert.StartsWith("ottla: no linker", again.Error, StringComparison.Ordinal);
        Assert.Single(again.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_machine_without_the_sdk_is_told_in_one_line()
    {
        _scenario.HasSdk = false;

        CommandResult result = await _scenario.RunAsync("exit", "0");

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("ottla: the .NET 10 SDK is missing", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_published_file_runs_without_the_sdk()
    {
        await _scenario.RunAsync("exit", "0");
        _scenario.HasSdk = false;

        CommandResult result = await _scenario.RunAsync("exit", "5");

        Assert.Equal(5, result.ExitCode);
    }

    [Fact]
    public async Task A_machine_without_the_network_is_told_in_one_line_and_can_try_again()
    {
        _scenario.Environment["OTTLA_TEST_FAILURE"] = "error NU1301: Unable to load the service index";
        CommandResult refused = await _scenario.RunAsync("exit", "0");
        _scenario.Environment.Remove("OTTLA_TEST_FAILURE");

        CommandResult retried = await _scenario.RunAsync("exit", "6");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("ottla: no network", refused.Error, StringComparison.Ordinal);
        Assert.Equal(6, retried.ExitCode);
    }

    [Fact]
    public async Task A_failed_build_shows_its_errors_and_runs_nothing_old()
    {
        await _scenario.RunAsync("exit", "0");
        _scenario.Touch("src/Operations/Ottla.Cli/Program.cs");
        _scenario.Environment["OTTLA_TEST_FAILURE"] = "Program.cs(1,1): error CS1002: ; expected";

        CommandResult result = await _scenario.RunAsync("exit", "9");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error CS1002", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_works_through_a_link_from_another_folder()
    {
        string link = Path.Combine(_scenario.Folder, "link-to-ottla");
        File.CreateSymbolicLink(link, _scenario.Launcher);

        CommandResult result = await ChildProcess.RunAsync(_scenario.Command("exit", "4") with { Program = link }, Cancellation);

        Assert.Equal(4, result.ExitCode);
    }

    [Fact]
    public async Task A_call_with_nothing_to_publish_costs_less_than_15_milliseconds_on_the_real_tree()
    {
        // The real sources, so that the check walks as many files as a user's does; the fastest of many calls, since the
        // machine runs other tests at the same time.
        File.Delete(_scenario.Source("src/Operations/Ottla.Cli/Ottla.Cli.csproj"));
        File.Delete(_scenario.Source("src/Operations/Ottla.Cli/Program.cs"));
        await ChildProcess.RunAsync(new CommandLine("cp", "-r", RepositoryRoot.Combine("src"), Path.GetDirectoryName(_scenario.Launcher)!), Cancellation); // a file in a folder has one
        await _scenario.RunAsync("exit", "0");

        TimeSpan fastest = TimeSpan.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await _scenario.RunAsync("exit", "0");
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            fastest = elapsed < fastest ? elapsed : fastest;
        }

        Assert.Equal(1, _scenario.PublishCount);
        Assert.True(fastest < TimeSpan.FromMilliseconds(15), $"the fastest call took {fastest.TotalMilliseconds:F1} ms");
    }

    private static int CountProcesses(string argument) => Directory.GetDirectories("/proc")
        .Count(folder => int.TryParse(Path.GetFileName(folder), out _) && CommandLineOf(folder).Contains($"sleep\0{argument}\0", StringComparison.Ordinal));

    private static string CommandLineOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20), "the awaited state did not come within 20 s");
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    private string CurrentFolder() =>
        new DirectoryInfo(_scenario.Source("artifacts/ottla/native/current")).ResolveLinkTarget(returnFinalTarget: true)!.FullName; // published just now
}
