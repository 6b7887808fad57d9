using System.Runtime.CompilerServices;

namespace Harness.Unit.Tests.Shape;

/// <summary>Compares a text with the committed one beside the test, so that a change of a contract shows in the diff.</summary>
internal static class Snapshot
{
    /// <summary>
    /// Fails where the text differs from <c>NAME.verified.txt</c>, and writes it as <c>NAME.received.txt</c>.
    /// <c>UPDATE_SNAPSHOTS=1</c> accepts it instead, never on CI.
    /// </summary>
    public static void Match(string name, string text, [CallerFilePath] string test = "")
    {
        var folder = Repository.Path(RelativeFolder(test));
        var verified = Path.Combine(folder, $"{name}.verified.txt");
        var received = Path.Combine(folder, $"{name}.received.txt");
        if (
            Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1"
            && Environment.GetEnvironmentVariable("CI") != "true"
        )
        {
            File.WriteAllText(verified, text);
        }

        var expected = File.Exists(verified) ? File.ReadAllText(verified) : "";
        if (text == expected)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text);
        text.ShouldBe(
            expected,
            $"{name} is a contract with programs and rows that exist: see {received}; UPDATE_SNAPSHOTS=1 accepts it"
        );
    }

    // A deterministic build writes /_/tests/… for the path.
    private static string RelativeFolder(string test) =>
        Path.GetDirectoryName(test[test.LastIndexOf("tests/", StringComparison.Ordinal)..])!;
}
