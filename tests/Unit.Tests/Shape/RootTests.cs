namespace Harness.Unit.Tests.Shape;

public sealed class RootTests
{
    private static readonly string[] Allowed =
    [
        ".ci",
        ".config",
        ".dockerignore",
        ".editorconfig",
        ".gitignore",
        "ARCHITECTURE.md",
        "BannedSymbols.txt",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Directory.Build.props",
        "Directory.Packages.props",
        "Harness.sln",
        "LICENSE",
        "README.md",
        "claims",
        "deploy",
        "dev",
        "docs",
        "global.json",
        "harness",
        "src",
        "sweeps",
        "tests",
    ];

    [Fact]
    public void The_top_level_holds_only_what_belongs_there() =>
        Repository
            .Files.Select(file => file.Split('/')[0])
            .Distinct()
            .Except(Allowed)
            .ShouldBeEmpty("notes and patches do not belong in the tree");

    [Fact]
    public void No_folder_has_a_name_that_says_nothing() =>
        Repository
            .Files.SelectMany(file => file.Split('/').SkipLast(1))
            .Distinct()
            .Intersect(["Common", "Shared", "Core", "Utils", "Helpers", "Abstractions", "Misc"])
            .ShouldBeEmpty();
}
