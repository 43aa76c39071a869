namespace Ottla.Storage.Tests.Support;

internal enum DiskOperation
{
    Create,
    Write,
    SetLength,
    Rename,
    Delete,
    Sync,
    SyncDirectory,
    Read,
}
