using System.Text;
using Harness.Domain.Sweeps;

namespace Harness.Unit.Tests.CommandLine;

/// <summary>
/// A spec with any single mistake gets exit code 2 with path, line and column, allowed values or the nearest spelling,
/// and writes nothing. The whole command line runs, in this process; some rows run in one of their own in EndToEnd.
/// </summary>
[Collection(OneConsole.Name)]
public sealed class BadInputTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("harness-bad-");

    public static TheoryData<Mistake> Table() => [.. Mistakes.All];

    [Fact]
    public async Task The_right_file_is_right_and_a_dry_run_writes_nothing()
    {
        var ended = await SubmitAsync(Encoding.UTF8.GetBytes(Mistakes.Right));
        ended.ExitCode.ShouldBe(0, ended.Messages);
        ended.Output.ShouldStartWith("example: ");
        ended.Messages.ShouldBeEmpty();
        NothingWasWritten();
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_single_mistake_is_told_with_its_place_and_the_way_out(Mistake mistake)
    {
        Mistakes.Right.Split(mistake.Right).Length.ShouldBe(2, "the mistake is made in one place");
        var text = Mistakes.Right.Replace(mistake.Right, mistake.Wrong, StringComparison.Ordinal);

        var ended = await SubmitAsync(Encoding.UTF8.GetBytes(text));

        ended.ExitCode.ShouldBe(2, ended.Messages);
        ended.Output.ShouldBeEmpty();
        var head =
            $"{File}:{mistake.Place}: {(mistake.Path.Length > 0 ? mistake.Path + ": " : "")}";
        ended.Messages.ShouldStartWith(head);
        ended.Messages.ShouldContain(mistake.Told);
        ended
            .Messages.Split('\n')
            .Count(line => line.StartsWith(File, StringComparison.Ordinal))
            .ShouldBe(1, "one mistake is one message");
        NothingWasWritten();
    }

    [Theory]
    [InlineData("", "1:1: The file is empty")]
    [InlineData("null", "1:1: A sweep file is a mapping")]
    [InlineData("[]", "1:1: A sweep file is a mapping")]
    [InlineData("{\"version\": 1,\n\"name\": }}", "2:")]
    public async Task A_file_that_is_no_sweep_file_is_told_from_its_first_line(
        string text,
        string told
    )
    {
        var ended = await SubmitAsync(Encoding.UTF8.GetBytes(text));
        ended.ExitCode.ShouldBe(2);
        ended.Messages.ShouldStartWith($"{File}:{told}");
        NothingWasWritten();
    }

    public static TheoryData<string, byte[], string> Monsters() =>
        new()
        {
            { "bytes", [0xC3, 0x28, 0x00], "no UTF-8 text" },
            { "large", Encoding.UTF8.GetBytes(new string('#', 256 * 1024 + 1)), "256 KiB" },
            { "deep", Encoding.UTF8.GetBytes(new string('[', 100_000)), "more than 32 deep" },
            {
                "laughs",
                Encoding.UTF8.GetBytes("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"),
                "Anchors and aliases"
            },
            {
                "many",
                Encoding.UTF8.GetBytes($"a: [{string.Join(',', Enumerable.Repeat("1", 60_000))}]"),
                "more than 50,000 values"
            },
        };

    [Theory]
    [MemberData(nameof(Monsters))]
    public async Task A_file_that_is_made_to_hurt_is_refused(
        string name,
        byte[] content,
        string told
    )
    {
        var ended = await SubmitAsync(content);
        ended.ExitCode.ShouldBe(2, name);
        ended.Messages.ShouldContain(told);
        NothingWasWritten();
    }

    [Theory]
    [InlineData("seeds=-1", ": /seeds: A whole number")]
    [InlineData("budget.stepps=7", "did you mean 'steps'?")]
    [InlineData("seeds=[", "--set seeds: ")]
    [InlineData(
        "width=64",
        "write --set 'parameters.width={value: 64}', or with {values: [64, …]} for a grid."
    )]
    [InlineData("width=[32, 64]", "write --set 'parameters.width={values: [32, 64]}'.")]
    [InlineData("steps=3", "write --set budget.steps=3.")]
    [InlineData("memory=2GiB", "write --set 'resources=[{memory: 2GiB}]'.")]
    [InlineData("seeds", "not of the form key=value")]
    public async Task A_mistake_of_a_set_option_is_told_too(string set, string told)
    {
        var ended = await SubmitAsync(Encoding.UTF8.GetBytes(Mistakes.Right), "--set", set);
        ended.ExitCode.ShouldBe(2, ended.Messages);
        ended.Messages.ShouldContain(told);
        NothingWasWritten();
    }

    [Theory]
    [InlineData("parameters.width={value: 64}")]
    [InlineData("parameters.width={values: [32, 64]}")]
    [InlineData("budget.steps=3")]
    [InlineData("resources=[{memory: 2GiB}]")]
    public async Task What_a_message_advises_is_taken(string set)
    {
        var ended = await SubmitAsync(Encoding.UTF8.GetBytes(Mistakes.Right), "--set", set);
        ended.ExitCode.ShouldBe(0, ended.Messages);
    }

    [Fact]
    public async Task The_least_file_that_an_empty_one_is_told_is_right()
    {
        var told = (await SubmitAsync([])).Messages;
        var least = told[told.IndexOf('{', StringComparison.Ordinal)..].Trim().TrimEnd('.');
        (await SubmitAsync(Encoding.UTF8.GetBytes(least))).ExitCode.ShouldBe(0, least);
    }

    [Fact]
    public async Task A_claim_s_file_is_told_the_command_that_takes_it()
    {
        var ended = await SubmitAsync(
            Encoding.UTF8.GetBytes(Domain.Claims.ClaimFiles.Text("order")!)
        );
        ended.ExitCode.ShouldBe(2);
        ended.Messages.ShouldContain("`harness claims run order` measures it");
        ended.Messages.Split(File).Length.ShouldBe(2, "one sentence");
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_bad_input()
    {
        var ended = await Terminals.RunAsync("run", File, "--data", Data);
        ended.ExitCode.ShouldBe(2);
        ended.Messages.ShouldContain($"The sweep file {File} cannot be read");
        NothingWasWritten(files: 0);
    }

    [Fact]
    public async Task With_json_the_faults_are_one_document_on_standard_output()
    {
        var text = Mistakes.Right.Replace("width:", "widht:", StringComparison.Ordinal);
        var ended = await SubmitAsync(Encoding.UTF8.GetBytes(text), "--json");
        ended.ExitCode.ShouldBe(2);
        using var document = System.Text.Json.JsonDocument.Parse(ended.Output);
        var error = document.RootElement.GetProperty("errors")[0];
        error.GetProperty("path").GetString().ShouldBe("/parameters/widht");
        error.GetProperty("line").GetInt32().ShouldBe(9);
        error.GetProperty("column").GetInt32().ShouldBe(3);
        error.GetProperty("suggestion").GetString().ShouldBe("width");
    }

    [Fact]
    public void Every_key_of_a_sweep_file_has_a_mistake_in_the_table() =>
        SweepBinder
            .Keys.Where(key =>
                !Mistakes.All.Any(mistake => mistake.Path.Split('/').ElementAtOrDefault(1) == key)
            )
            .ShouldBeEmpty();

    public void Dispose() => _folder.Delete(recursive: true);

    private string File => Path.Combine(_folder.FullName, "bad.yml");

    private string Data => Path.Combine(_folder.FullName, "data");

    private async Task<Terminals.Ended> SubmitAsync(byte[] content, params string[] more)
    {
        await System.IO.File.WriteAllBytesAsync(
            File,
            content,
            TestContext.Current.CancellationToken
        );
        return await Terminals.RunAsync(["submit", "--dry-run", File, "--data", Data, .. more]);
    }

    private void NothingWasWritten(int files = 1) =>
        _folder
            .GetFileSystemInfos()
            .Select(entry => entry.Name)
            .ShouldBe(Enumerable.Repeat("bad.yml", files));
}
