using Ottla.Records;
using Ottla.Storage.Files;

namespace Ottla.Storage.Segments;

/// <summary>Where the first batch of a read was found.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="File">Its file, which the caller keeps open.</param>
/// <param name="Position">Where the batch begins.</param>
/// <param name="Header">The batch's header.</param>
internal readonly record struct BatchLocation(LogSegment Segment, IFile File, int Position, RecordBatchHeader Header);
