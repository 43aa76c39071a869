namespace Ottla.Storage.Files;

/// <summary>How a file is opened.</summary>
public enum FileOpening
{
    /// <summary>For reading; the file exists.</summary>
    Read,

    /// <summary>For reading and writing; the file exists.</summary>
    ReadWrite,

    /// <summary>For reading and writing; made when it does not exist.</summary>
    ReadWriteOrCreate,

    /// <summary>For reading and writing, made anew and empty; a file of that name is emptied.</summary>
    CreateEmpty,
}
