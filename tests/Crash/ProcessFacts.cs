using System.Globalization;

namespace Ottla.Crash.Tests;

/// <summary>What the system says of a running process.</summary>
internal static class ProcessFacts
{
    /// <summary>The memory that it holds, in MiB.</summary>
    public static long ResidentMebibytes(int process) => Read(process, "VmRSS:") / 1024;

    /// <summary>The most memory that it has held, in MiB.</summary>
    public static long PeakMebibytes(int process) => Read(process, "VmHWM:") / 1024;

    /// <summary>How many sockets it has open.</summary>
    public static int OpenSockets(int process) => Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd")).Count(IsSocket);

    private static bool IsSocket(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (FileNotFoundException)
        {
            return false; // closed meanwhile
        }
    }

    private static long Read(int process, string name)
    {
        string line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status")).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
