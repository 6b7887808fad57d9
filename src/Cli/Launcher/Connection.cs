using System.Text.Json;
using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>Where a running harness answers: <c>connection.json</c> of its data folder.</summary>
/// <param name="Url">Base URL of dashboard and API.</param>
/// <param name="TokenFile">File of the token.</param>
/// <param name="Supervisor">Process id of the supervisor.</param>
public sealed record Connection(string Url, string TokenFile, int Supervisor)
{
    private const string FileName = "connection.json";

    /// <summary>The connection of that folder; a message where nothing runs there.</summary>
    public static Connection Read(string folder)
    {
        var path = Path.Combine(Path.GetFullPath(folder), FileName);
        if (!File.Exists(path))
        {
            throw new HarnessException(
                $"No harness runs on {Path.GetFullPath(folder)}: start one with `harness up`, name its folder with --data, or a cluster with --server and HARNESS_TOKEN."
            );
        }

        return JsonSerializer.Deserialize(File.ReadAllText(path), CliJson.Default.Connection)!;
    }

    /// <summary>Writes it beside and renames it: a reader never sees half of it.</summary>
    public void Write(DataFolder data)
    {
        var path = data.In(FileName);
        File.WriteAllText(
            path + ".new",
            JsonSerializer.Serialize(this, CliJson.Default.Connection)
        );
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Removes it.</summary>
    public static void Remove(DataFolder data) => File.Delete(data.In(FileName));
}
