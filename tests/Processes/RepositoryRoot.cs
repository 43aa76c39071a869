namespace Ottla.Tests.Processes;

/// <summary>Where the source tree of the running tests lies: found from the test program upwards, never from the current folder.</summary>
public static class RepositoryRoot
{
    /// <summary>The full path of the folder that holds Ottla.slnx.</summary>
    public static string Path { get; } = Find();

    /// <summary>A path inside the repository, or beside it when <paramref name="parts"/> begin with "..".</summary>
    public static string Combine(params string[] parts) =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine([Path, .. parts]));

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Ottla.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Ottla.slnx above {AppContext.BaseDirectory}");
    }
}
