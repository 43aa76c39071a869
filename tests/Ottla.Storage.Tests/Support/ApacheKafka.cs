using System.Diagnostics;

namespace Ottla.Storage.Tests.Support;

/// <summary>Apache Kafka's own tools, where a machine has them: beside the repository, with a Java to run them.</summary>
internal static class ApacheKafka
{
    /// <summary>The launcher, or null with the reason in <paramref name="missing"/>.</summary>
    public static string? Find(out string missing)
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Ottla.slnx")))
        {
            root = Path.GetDirectoryName(root);
        }

        string launcher = Path.Combine(root ?? "/", "..", "shared", "kafka", "kafka");
        bool hasJava = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(folder => File.Exists(Path.Combine(folder, "java")));
        missing = !hasJava ? "there is no java" : "there is no ../shared/kafka beside the repository";
        return hasJava && File.Exists(launcher) ? launcher : null;
    }

    /// <summary>Runs a tool to its end.</summary>
    public static async Task<string> RunAsync(string launcher, params string[] arguments)
    {
        var start = new ProcessStartInfo(launcher, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KAFKA_HEAP"] = "256m";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{launcher} did not start");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {await errors}");
        return output + await errors;
    }
}
