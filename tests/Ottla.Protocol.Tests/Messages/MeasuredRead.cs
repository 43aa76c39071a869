namespace Ottla.Protocol.Tests.Messages;

/// <summary>Reads bytes of unknown intent and watches what that costs.</summary>
internal static class MeasuredRead
{
    /// <summary>What an exception with its stack trace and text may take.</summary>
    private const long AllocationSlack = 24 * 1024;

    /// <summary>
    /// What one byte of input may cost. The worst honest ratio is an array of structs of two bytes (an empty string and no tags), each of
    /// which becomes an object; nothing may cost more, whatever the counts claim.
    /// </summary>
    private const long AllocationPerByte = 96;

    public static (Exception? Thrown, long Allocated) Try(MessageDescription description, short version, ReadOnlyMemory<byte> bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? thrown = null;
        try
        {
            Read(description, version, bytes);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        return (thrown, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    public static void Read(MessageDescription description, short version, ReadOnlyMemory<byte> bytes)
    {
        ProtocolReader reader = new(bytes);
        description.Read(ref reader, version);
    }

    public static void AssertModest(long allocated, int length) =>
        Assert.True(allocated <= AllocationSlack + (AllocationPerByte * length), $"{allocated} bytes were allocated for {length} bytes.");
}
