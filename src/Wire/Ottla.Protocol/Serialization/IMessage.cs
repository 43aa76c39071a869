namespace Ottla.Protocol;

/// <summary>A message that the schema generator made. Instances are not thread-safe.</summary>
public interface IMessage
{
    /// <summary>Adds the size of this message in <paramref name="version"/> to <paramref name="size"/>.</summary>
    /// <exception cref="InvalidOperationException">A field is set that <paramref name="version"/> lacks and that may not be dropped.</exception>
    void Measure(ref MessageSize size, short version);

    /// <summary>Writes this message in <paramref name="version"/>; exactly as many bytes as <see cref="Measure"/> added.</summary>
    void Write(ref ProtocolWriter writer, short version);
}
