namespace Ottla.Transport.Framing;

/// <summary>The other side sent bytes that are not frames, or stopped in the middle of one. The connection cannot go on.</summary>
public sealed class FrameException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public FrameException(string message)
        : base(message)
    {
    }
}
