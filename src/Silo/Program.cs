using Harness;
using Harness.Domain;
using Harness.Silo;

// Without an argument: a silo. `migrate`: brings the database up to date and ends.
return args switch
{
    [] => await HostSettings.RunAsync(SiloHost.RunAsync),
    ["migrate"] => await HostSettings.RunAsync(MigrateCommand.RunAsync),
    _ => await HostSettings.RunAsync(() =>
        throw new HarnessException(
            "The silo takes no argument, or 'migrate'.",
            HarnessException.BadInput
        )
    ),
};
