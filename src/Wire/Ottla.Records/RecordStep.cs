namespace Ottla.Records;

/// <summary>What the next step of <see cref="RecordEnumerator"/> found.</summary>
internal enum RecordStep
{
    Record,
    End,
    Malformed,
}
