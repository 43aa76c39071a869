using System.Text;
using Ottla.Cli.CommandLine;

namespace Ottla.Cli.Formats;

/// <summary>Reads a file that an option names.</summary>
internal static class OptionFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Its text. What is not UTF-8 is replaced, since comments in property files may be anything.</summary>
    /// <exception cref="UsageException">There is no such file, or it may not be read.</exception>
    public static Task<string> ReadTextAsync(string option, FileInfo file, CancellationToken cancellationToken) =>
        ReadAsync(option, file, Encoding.UTF8, cancellationToken);

    /// <summary>Its text, for what is data.</summary>
    /// <exception cref="UsageException">There is no such file, it may not be read, or it is not UTF-8.</exception>
    public static async Task<string> ReadDataAsync(string option, FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(option, file, Strict, cancellationToken);
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException($"{option}: {file.FullName} is not UTF-8.");
        }
    }

    private static async Task<string> ReadAsync(string option, FileInfo file, Encoding encoding, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file.FullName, encoding, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option}: {exception.Message}");
        }
    }
}
