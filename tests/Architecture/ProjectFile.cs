using System.Xml.Linq;

namespace Ottla.Architecture.Tests;

/// <summary>The references of one project file.</summary>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages, IReadOnlyList<string> Frameworks)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public static ProjectFile Load(string path)
    {
        XDocument document = XDocument.Parse(SourceTree.Read(path));
        IReadOnlyList<string> Named(string element) =>
            [.. document.Descendants(element).Select(node => (string?)node.Attribute("Include")).OfType<string>()];
        return new ProjectFile(
            path,
            [.. Named("ProjectReference").Select(reference => System.IO.Path.GetFileNameWithoutExtension(reference.Replace('\\', '/')))],
            Named("PackageReference"),
            Named("FrameworkReference"));
    }
}
