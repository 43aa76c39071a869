using System.Buffers.Binary;
using CsCheck;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Framing;
using Ottla.Transport.Tests.Sockets;

namespace Ottla.Transport.Tests.Framing;

public sealed class FramingTests
{
    [Fact]
    public async Task Frames_come_out_as_they_went_in_whatever_the_pieces_they_arrive_in()
    {
        Gen<(int[] Sizes, int[] Pieces)> cases = Gen.Select(
            Gen.OneOf(Gen.Int[0, 100], Gen.Int[0, 20_000], Gen.Int[60_000, 300_000]).Array[1, 30],
            Gen.Int[1, 100_000].Array[1, 50]);
        await cases.SampleAsync(
            async testCase =>
            {
                await using ConnectedPair pair = await ConnectedPair.ConnectAsync();
                using var reader = new FrameReader(pair.Server, 1_000_000);
                byte[] stream = [.. testCase.Sizes.SelectMany((size, index) => Frame(index, size))];
                Task sending = SendInPiecesAsync(pair, stream, testCase.Pieces);

                for (int index = 0; index < testCase.Sizes.Length; index++)
                {
                    int size = await reader.ReadSizeAsync(CancellationToken.None);
                    using PooledBuffer frame = await reader.ReadBodyAsync(size, CancellationToken.None);
                    Assert.Equal(Frame(index, testCase.Sizes[index])[4..], frame.Span.ToArray());
                }

                await sending;
                pair.Client.Abort();
                Assert.Equal(-1, await reader.ReadSizeAsync(CancellationToken.None));
            },
            iter: 30,
            threads: 1);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    [InlineData(int.MaxValue)]
    public async Task A_size_out_of_bounds_is_refused_before_anything_is_rented(int size)
    {
        await using ConnectedPair pair = await ConnectedPair.ConnectAsync();
        using var reader = new FrameReader(pair.Server, 100);
        await pair.Client.SendAsync(Prefix(size), CancellationToken.None);

        long before = GC.GetAllocatedBytesForCurrentThread();
        FrameException refusal = await Assert.ThrowsAsync<FrameException>(async () => await reader.ReadSizeAsync(CancellationToken.None));

        Assert.Contains(size.ToString(System.Globalization.CultureInfo.InvariantCulture), refusal.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public async Task A_connection_that_ends_within_a_frame_is_told_from_one_that_ends_between_two()
    {
        await using ConnectedPair pair = await ConnectedPair.ConnectAsync();
        using var reader = new FrameReader(pair.Server, 100);
        await pair.Client.SendAsync((byte[])[.. Prefix(5), 1, 2], CancellationToken.None);
        Assert.Equal(5, await reader.ReadSizeAsync(CancellationToken.None));
        Task<PooledBuffer> reading = reader.ReadBodyAsync(5, CancellationToken.None).AsTask();

        pair.Client.Abort();

        await Assert.ThrowsAsync<FrameException>(() => reading);
    }

    [Fact]
    public async Task A_connection_that_ends_within_a_size_is_told_so()
    {
        await using ConnectedPair pair = await ConnectedPair.ConnectAsync();
        using var reader = new FrameReader(pair.Server, 100);
        await pair.Client.SendAsync(new byte[] { 0, 0 }, CancellationToken.None);
        Task<int> reading = reader.ReadSizeAsync(CancellationToken.None).AsTask();

        pair.Client.Abort();

        await Assert.ThrowsAsync<FrameException>(() => reading);
    }

    [Fact]
    public async Task A_writer_sends_small_fields_and_large_payloads_in_their_order()
    {
        await Gen.OneOf(Gen.Int[0, 200], Gen.Int[MessageSize.GatherFromBytes - 2, MessageSize.GatherFromBytes + 2], Gen.Int[50_000, 200_000])
            .Array[1, 4].Array[1, 6].SampleAsync(
                async frames =>
                {
                    await using ConnectedPair pair = await ConnectedPair.ConnectAsync();
                    using var writer = new FrameWriter();
                    using var reader = new FrameReader(pair.Server, int.MaxValue);
                    for (int index = 0; index < frames.Length; index++)
                    {
                        writer.Append(new ResponseHeader { CorrelationId = index }, 1, Response(frames[index]), 12);
                    }

                    int pending = writer.PendingBytes;
                    Task sending = writer.FlushAsync(pair.Client, CancellationToken.None).AsTask();
                    int received = 0;
                    for (int index = 0; index < frames.Length; index++)
                    {
                        int size = await reader.ReadSizeAsync(CancellationToken.None);
                        using PooledBuffer frame = await reader.ReadBodyAsync(size, CancellationToken.None);
                        received += 4 + size;
                        AssertHolds(frame.Memory, index, frames[index]);
                    }

                    await sending;
                    Assert.Equal((pending, 0), (received, writer.PendingBytes));
                },
                iter: 40,
                threads: 1);
    }

    [Fact]
    public void A_message_that_cannot_be_written_leaves_the_writer_as_it_was()
    {
        using var writer = new FrameWriter();
        var impossible = new FetchResponse { SessionId = 7 };

        Assert.Throws<InvalidOperationException>(() => writer.Append(new ResponseHeader(), 0, impossible, 4));

        Assert.Equal(0, writer.PendingBytes);
    }

    private static void AssertHolds(ReadOnlyMemory<byte> frame, int correlationId, int[] sizes)
    {
        var body = new ProtocolReader(frame);
        Assert.Equal(correlationId, ResponseHeader.Read(ref body, 1).CorrelationId);
        FetchResponse response = FetchResponse.Read(ref body, 12);
        Assert.Equal(0, body.Remaining);
        Assert.Equal(sizes.Length, response.Responses[0].Partitions.Count);
        for (int index = 0; index < sizes.Length; index++)
        {
            Assert.True(Payload(index, sizes[index]).AsSpan().SequenceEqual((response.Responses[0].Partitions[index].Records ?? default).Span));
        }
    }

    private static FetchResponse Response(int[] sizes) => new()
    {
        Responses =
        [
            new()
            {
                Topic = "t",
                Partitions = [.. sizes.Select((size, index) => new FetchResponse.PartitionData { PartitionIndex = index, Records = Payload(index, size) })],
            },
        ],
    };

    private static async Task SendInPiecesAsync(ConnectedPair pair, byte[] stream, int[] pieces)
    {
        for ((int sent, int piece) = (0, 0); sent < stream.Length; piece++)
        {
            int length = Math.Min(pieces[piece % pieces.Length], stream.Length - sent);
            await pair.Client.SendAsync(stream.AsMemory(sent, length), CancellationToken.None);
            sent += length;
        }
    }

    private static byte[] Frame(int index, int size) => [.. Prefix(size), .. Payload(index, size)];

    private static byte[] Payload(int index, int size)
    {
        byte[] payload = new byte[size];
        new Random(index).NextBytes(payload);
        return payload;
    }

    private static byte[] Prefix(int size)
    {
        byte[] prefix = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(prefix, size);
        return prefix;
    }
}
