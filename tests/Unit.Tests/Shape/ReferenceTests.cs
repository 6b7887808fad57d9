using System.Xml.Linq;

namespace Harness.Unit.Tests.Shape;

/// <summary>The walls between projects (ARCHITECTURE.md, the picture), read from the project files.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Domain"] = [],
        ["Training"] = ["Domain"],
        ["Storage"] = ["Domain"],
        ["Grains"] = ["Domain", "Storage"],
        ["Silo"] = ["Domain", "Storage", "Grains"],
        ["Worker"] = ["Domain"],
        ["Dashboard"] = ["Domain", "Storage", "Grains"],
        ["Cli"] = ["Domain"],
    };

    private static readonly (string Package, string[] Projects)[] Owners =
    [
        ("TorchSharp", ["Training"]),
        ("libtorch", ["Training"]),
        ("Npgsql", ["Storage", "Silo", "Dashboard"]),
        ("Microsoft.Orleans", ["Grains", "Silo", "Dashboard"]),
        ("YamlDotNet", ["Domain"]),
    ];

    public static TheoryData<string> Projects() => [.. Allowed.Keys];

    [Fact]
    public void Every_project_stands_in_the_picture() =>
        Directory
            .GetDirectories(Repository.Path("src"))
            .Select(Path.GetFileName)
            .Order()
            .ShouldBe(
                Allowed.Keys.Order(),
                "a new project needs a row here and in ARCHITECTURE.md"
            );

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_stands_below_it(string project) =>
        Items(project, "ProjectReference")
            .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
            .Except(Allowed[project])
            .ShouldBeEmpty($"{project} must not see these");

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_takes_only_packages_that_it_owns(string project) =>
        Items(project, "PackageReference")
            .Where(package =>
                Owners.Any(owner =>
                    package.StartsWith(owner.Package, StringComparison.Ordinal)
                    && !owner.Projects.Contains(project)
                )
            )
            .ShouldBeEmpty($"{project} must not see these packages");

    [Fact]
    public void No_version_stands_in_a_project_file() =>
        Repository
            .Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(file =>
                XDocument
                    .Load(Repository.Path(file))
                    .Descendants("PackageReference")
                    .Any(x => x.Attribute("Version") != null)
            )
            .ShouldBeEmpty("versions stand in Directory.Packages.props");

    private static IEnumerable<string> Items(string project, string item) =>
        XDocument
            .Load(Repository.Path($"src/{project}/{project}.csproj"))
            .Descendants(item)
            .Select(element => element.Attribute("Include")?.Value)
            .OfType<string>();
}
