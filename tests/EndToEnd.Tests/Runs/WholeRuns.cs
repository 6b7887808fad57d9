namespace Harness.EndToEnd.Tests.Runs;

/// <summary>Whole runs of the product have the machine for themselves: they train.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeRuns
{
    public const string Name = "runs";
}
