using System.Reflection;
using System.Runtime.InteropServices;

namespace Ottla.Tests.Processes;

/// <summary>
/// Makes Confluent.Kafka load the librdkafka of its own package: a machine's older one must not take its place, and of the two that the
/// package has the one that loads here.
/// </summary>
public static class BundledLibrdkafka
{
    private static readonly string[] Files = ["librdkafka.so", "centos8-librdkafka.so"];

    /// <summary>Binds the library's assembly; before its first use, once.</summary>
    public static void Use(Assembly confluentKafka) => NativeLibrary.SetDllImportResolver(confluentKafka, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (!name.Contains("librdkafka", StringComparison.Ordinal))
        {
            return 0;
        }

        string folder = Path.Combine(AppContext.BaseDirectory, "runtimes", $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}", "native");
        foreach (string file in Files)
        {
            if (NativeLibrary.TryLoad(Path.Combine(folder, file), out nint library))
            {
                return library;
            }
        }

        return 0;
    }
}
