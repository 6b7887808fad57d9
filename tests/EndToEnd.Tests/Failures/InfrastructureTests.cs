using System.Net;
using System.Net.Sockets;
using Harness.EndToEnd.Tests.Runs;

namespace Harness.EndToEnd.Tests.Failures;

/// <summary>What is missing on the machine is one sentence that says what to do, and exit code 3.</summary>
public sealed class InfrastructureTests
{
    private const string Library = "libLibTorchSharp.so";

    [Fact]
    public async Task A_setting_that_names_no_postgresql_is_told()
    {
        await using var harness = new CommandProcess().With("HARNESS_POSTGRES", "/nowhere");
        Told(
            await harness.RunAsync("up"),
            "HARNESS_POSTGRES names /nowhere, which does not hold initdb and postgres: give the folder that does, or unset it."
        );
    }

    [Fact]
    public async Task A_machine_without_postgresql_is_told_the_command_that_installs_it()
    {
        await using var harness = new CommandProcess()
            .With("HARNESS_POSTGRES_FETCH", "never")
            .WithoutPostgres();
        Told(
            await harness.RunAsync("up"),
            "run `apt-get install postgresql`, or set HARNESS_POSTGRES"
        );
    }

    [Fact]
    public async Task A_cluster_of_another_version_of_postgresql_is_told()
    {
        await using var harness = new CommandProcess();
        Directory.CreateDirectory(Path.Combine(harness.Data, "postgres"));
        await File.WriteAllTextAsync(
            Path.Combine(harness.Data, "postgres", "PG_VERSION"),
            "99\n",
            TestContext.Current.CancellationToken
        );
        Told(
            await harness.With("HARNESS_POSTGRES_FETCH", "never").RunAsync("up"),
            "holds a cluster of PostgreSQL 99"
        );
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        await using var harness = new CommandProcess();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Told(
            await harness.RunAsync("up", "--port", $"{port}"),
            $"Port {port} is taken: choose another one with --port"
        );
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_told()
    {
        await using var harness = new CommandProcess();
        await File.WriteAllTextAsync(harness.Data, "x", TestContext.Current.CancellationToken);
        Told(
            await harness.RunAsync("up"),
            $"The data folder cannot be at {harness.Data}, which is a file: choose another one with --data."
        );
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_told()
    {
        await using var harness = new CommandProcess();
        harness.OnAMachineWhere($"mkdir {harness.Data}; mount -t tmpfs -o ro tmpfs {harness.Data}");
        Told(await harness.RunAsync("up"), "cannot be written (Read-only file system");
    }

    [Fact]
    public async Task A_data_folder_on_a_full_disk_is_told()
    {
        await using var harness = new CommandProcess();
        harness.OnAMachineWhere(
            $"mkdir {harness.Data}; mount -t tmpfs -o size=9m tmpfs {harness.Data}"
        );
        Told(await harness.RunAsync("up"), "has 9 MiB left: free 256 MiB");
    }

    [Fact]
    public async Task A_disk_without_a_single_byte_is_told()
    {
        await using var harness = new CommandProcess();
        harness.OnAMachineWhere(
            $"mkdir {harness.Data}; mount -t tmpfs -o size=64k tmpfs {harness.Data}; head -c 64k /dev/zero >{harness.Data}/full"
        );
        Told(await harness.RunAsync("up"), "choose another");
    }

    [Fact]
    public async Task A_trainer_that_does_not_load_is_told_with_its_cause()
    {
        await using var harness = new CommandProcess();
        var library = Directory
            .GetFiles(
                Path.Combine(CommandProcess.Programs, "Training"),
                Library,
                SearchOption.AllDirectories
            )
            .First(file => !file.Contains("/obj/", StringComparison.Ordinal));
        harness.OnAMachineWhere($"mount --bind /dev/null {library}");
        Told(await harness.RunAsync("up"), "The native library does not load (");
        var doctor = await harness.RunAsync("doctor", "--json");
        doctor.ExitCode.ShouldBe(3);
        DoctorTests.StateOf(doctor, "trainer").ShouldBe("broken");
    }

    [Fact]
    public async Task A_corpus_that_is_missing_is_told_with_the_command_that_brings_it()
    {
        await using var harness = new CommandProcess();
        harness.OnAMachineWhere(
            "[ ! -d /usr/share/dictd ] || mount -t tmpfs tmpfs /usr/share/dictd"
        );
        var spec = Path.Combine(harness.Folder, "text.yml");
        await File.WriteAllTextAsync(
            spec,
            """
            version: 1
            name: text
            parameters: {model: {value: gru}, task: {value: char-lm}}
            seeds: 1
            budget: {steps: 1}
            """,
            TestContext.Current.CancellationToken
        );
        Told(
            await harness.RunAsync("run", spec),
            "The data of task char-lm are not on this machine: run `"
        );
        Directory.Exists(harness.Data).ShouldBeFalse("nothing was written");

        var dry = await harness.RunAsync("submit", "--dry-run", spec);
        dry.ExitCode.ShouldBe(0, "the file is right");
        dry.Messages.ShouldStartWith("warning: The data of task char-lm");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told()
    {
        await using var harness = new CommandProcess().With("HARNESS_TOKEN", "x");
        Told(
            await harness.RunAsync("ls", "sweeps", "--server", "http://127.0.0.1:1"),
            "The harness at http://127.0.0.1:1 does not answer"
        );
    }

    [Fact]
    public async Task A_command_that_needs_a_running_harness_says_how_to_start_one()
    {
        await using var harness = new CommandProcess();
        var spec = Path.Combine(harness.Folder, "right.yml");
        await File.WriteAllTextAsync(
            spec,
            """
            version: 1
            name: right
            parameters: {model: {value: gru}, task: {value: parity}}
            seeds: 1
            budget: {steps: 1}
            """,
            TestContext.Current.CancellationToken
        );
        Told(await harness.RunAsync("submit", spec), "No harness runs on");
        Directory.Exists(harness.Data).ShouldBeFalse("nothing was written");
    }

    // Progress may stand before it; the fault is the last line, and the only one.
    private static void Told(HarnessScript.Ended ended, string sentence)
    {
        ended.ExitCode.ShouldBe(3, ended.Messages);
        ended.Output.ShouldBeEmpty();
        var lines = ended.Messages.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Count(line => line.StartsWith("harness: ", StringComparison.Ordinal)).ShouldBe(1);
        lines[^1].ShouldStartWith("harness: ");
        lines[^1].ShouldContain(sentence);
        lines[^1].ShouldNotContain("unexpected", Case.Insensitive);
    }
}
