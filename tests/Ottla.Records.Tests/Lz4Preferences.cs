using System.Runtime.InteropServices;

namespace Ottla.Records.Tests;

/// <summary>LZ4F_preferences_t of lz4frame.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Lz4Preferences
{
    public int BlockSizeId;
    public int BlockMode;
    public int ContentChecksum;
    public int FrameType;
    public ulong ContentSize;
    public uint DictionaryId;
    public int BlockChecksum;
    public int CompressionLevel;
    public uint AutoFlush;
    public uint FavorDecompressionSpeed;
    public uint Reserved1;
    public uint Reserved2;
    public uint Reserved3;
}
