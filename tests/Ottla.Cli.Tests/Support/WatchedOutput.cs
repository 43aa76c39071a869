using System.Text;

namespace Ottla.Cli.Tests.Support;

/// <summary>A command's output while it still runs.</summary>
internal sealed class WatchedOutput : TextWriter
{
    private readonly StringBuilder _text = new();
    private readonly SemaphoreSlim _flushes = new(0);

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_text)
        {
            _text.Append(value);
        }
    }

    public override void Flush() => _flushes.Release();

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }

    public override Task FlushAsync() => FlushAsync(CancellationToken.None);

    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }

    /// <summary>Waits until so many whole lines have gone out.</summary>
    public async Task<string[]> LinesAsync(int count)
    {
        string[] lines;
        while ((lines = ToString().Split('\n')[..^1]).Length < count)
        {
            Assert.True(await _flushes.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), $"only this came out:\n{this}");
        }

        return lines;
    }
}
