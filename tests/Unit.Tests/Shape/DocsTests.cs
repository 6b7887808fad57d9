using System.Text.RegularExpressions;
using Harness.Domain.Trials;

namespace Harness.Unit.Tests.Shape;

public sealed partial class DocsTests
{
    [GeneratedRegex(@"\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(
        @"^\| \*\*(?<word>[a-z ]+)\*\* \| `(?<type>[A-Za-z]+)`",
        RegexOptions.Multiline
    )]
    private static partial Regex GlossaryRow();

    [GeneratedRegex(@"^(?<name>[a-z-]+)\)\s+# (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex DevCommand();

    public static TheoryData<string> Pages() =>
        [.. Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_of_a_page_leads_to_a_file(string page) =>
        Link()
            .Matches(Repository.Read(page))
            .Select(match => match.Groups[1].Value)
            .Where(target =>
                !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, target))
            )
            .ShouldBeEmpty();

    [Fact]
    public void Every_word_of_the_glossary_is_a_type()
    {
        var types = typeof(TrialSpec)
            .Assembly.GetExportedTypes()
            .Select(type => type.Name.Split('`')[0])
            .ToHashSet();
        var rows = GlossaryRow().Matches(Repository.Read("docs/glossary.md"));
        rows.Count.ShouldBeGreaterThan(10);
        rows.Select(row => row.Groups["type"].Value)
            .Where(type => !types.Contains(type))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_helper_command_is_described_and_listed_in_the_contributing_page()
    {
        var commands = DevCommand()
            .Matches(Repository.Read("dev"))
            .Select(match => match.Groups["name"].Value)
            .ToList();
        commands.Count.ShouldBeGreaterThan(4);
        var page = Repository.Read("CONTRIBUTING.md");
        commands
            .Where(name => !page.Contains($"./dev {name}", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }
}
