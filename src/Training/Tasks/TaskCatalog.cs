namespace Harness.Training.Tasks;

/// <summary>Every sequence task that a trial may name.</summary>
public static class TaskCatalog
{
    /// <summary>One line a task.</summary>
    public static IReadOnlyList<TaskDefinition> All { get; } =
    [
        CopyMemory.Definition,
        Parity.Definition,
        CharLm.Definition,
        Noop.Definition,
        Sleep.Definition,
    ];
}
