using Harness.Cli.Launcher;
using Harness.Domain;

try
{
    if (args is ["supervise", "--data", var data, "--workers", var workers, "--port", var port])
    {
        using var supervisor = new Supervisor(new DataFolder(data), new ServiceOptions(int.Parse(workers), int.Parse(port)));
        await supervisor.RunAsync();
    }

    return 0;
}
catch (HarnessException error)
{
    Console.Error.WriteLine(error.Message);
    return error.ExitCode;
}
