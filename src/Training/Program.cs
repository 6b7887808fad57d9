using System.Text.Json;
using Harness.Domain;
using Harness.Training;

// harness-train: one line of JSON in, one event a line out. `--catalogue` prints what it offers, `--check` tries libtorch,
// `--standby` makes itself ready before it reads its line.
try
{
    switch (args)
    {
        case ["--catalogue"]:
            Console.WriteLine(
                JsonSerializer.Serialize(Catalogs.Shipped.File, ReadableJson.Options)
            );
            return 0;
        case ["--check"]:
            Console.WriteLine($"ok {Backend.Load(threads: 1)["libtorch"]}");
            return 0;
        case []:
        case ["--standby"]:
            return new TrainerSession(Catalogs.Shipped, Console.OpenStandardOutput()).Run(
                standby: args.Length > 0
            );
        default:
            throw new HarnessException(
                "The trainer takes its trial on standard input, or one of --catalogue, --check and --standby.",
                HarnessException.BadInput
            );
    }
}
catch (HarnessException error)
{
    Console.Error.WriteLine(error.Message);
    return error.ExitCode;
}
