using System.Diagnostics;
using Harness.Domain.Trials;

namespace Harness.EndToEnd.Tests.Workers;

/// <summary>A trainer that is a shell script: it leads a group of its own, greets, and does what the test says.</summary>
internal static class FakeTrainer
{
    /// <summary>The first line of every trainer.</summary>
    public static readonly string Hello =
        $$"""{"event":"hello","protocol":{{TrainerRequest.Version}},"numerics":1,"runtime":{"libtorch":"none"} }""";

    /// <summary>The last line of one whose trial succeeded.</summary>
    public const string Result =
        """{"event":"result","outcome":"ok","metrics":{"accuracy":1},"parameter_count":1,"parameter_hash":"ab","contended":null}""";

    /// <summary>Writes the script.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="body">
    /// Shell commands after the greeting; <c>say</c> writes a line of an event, <c>$request</c> is the trial, <c>$start</c>
    /// is <c>warm</c> in a spare trainer, <c>hang</c> waits without end.
    /// </param>
    /// <param name="spare">Shell commands of a spare trainer before it greets.</param>
    public static string Write(string folder, string body, string spare = ":")
    {
        var file = Path.Combine(folder, $"trainer-{Guid.NewGuid():N}");
        // By another process: while this one has a file open to write, a program that some other test starts at the moment
        // has it open too, and what is open to be written cannot be run.
        using var write = Process.Start(
            new ProcessStartInfo("bash", ["-c", "cat >\"$0\" && chmod +x \"$0\"", file])
            {
                RedirectStandardInput = true,
            }
        )!;
        write.StandardInput.Write(
            $$"""
            #!/bin/bash
            [ "$1" = led ] || exec setsid "$0" led "$@"
            say() { printf '%s\n' "$1"; }
            points() { say '{"event":"points","metric":"train_loss","steps":['$1'],"values":['$2'],"seconds":['$1']}'; }
            hang() { while :; do sleep 1000; done; }
            [ "$2" = --standby ] && start=warm && { {{spare}}; } && say '{{Hello}}'
            IFS= read -r request || exit 1
            [ "$start" = warm ] || say '{{Hello}}'
            {{body}}
            """
        );
        write.StandardInput.Close();
        write.WaitForExit();
        return file;
    }
}
