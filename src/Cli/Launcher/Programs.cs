using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>Where the programs of this build lie: beside this one.</summary>
public static class Programs
{
    /// <summary>Path of a program's assembly.</summary>
    /// <param name="name">Silo, Dashboard, Worker, Training or Cli.</param>
    public static string Path(string name)
    {
        // artifacts/bin/Cli/release/ -> artifacts/bin/<name>/release/
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var path = System.IO.Path.Combine(
            own.Parent!.Parent!.FullName,
            name,
            own.Name,
            $"Harness.{name}.dll"
        );
        return File.Exists(path)
            ? path
            : throw new HarnessException(
                $"The program {path} is not built: run ./harness from a checkout, or ./dev build."
            );
    }
}
