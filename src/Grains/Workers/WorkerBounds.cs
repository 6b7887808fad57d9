using System.Globalization;
using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Grains.Workers;

/// <summary>What a worker may say: its word is not trusted, and one worker's nonsense must not stop the others.</summary>
internal static class WorkerBounds
{
    private const int MaxText = 256;
    private const int MaxFacts = 128;
    private const int MaxAttempts = 4_096;
    private const int MaxMessage = 16_384;

    /// <summary>Throws a <see cref="WorkerRefusedException"/> that says what is wrong.</summary>
    public static void Check(JoinRequest request)
    {
        if (request.Protocol != WorkerProtocol.Version)
        {
            throw new WorkerRefusedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The worker speaks protocol {request.Protocol} and this silo {WorkerProtocol.Version}: run the same version of both."
                )
            );
        }

        CheckId(request.WorkerId);
        Require(request.Name.Length is > 0 and <= MaxText, "name");
        Require(request.HostId.Length is > 0 and <= MaxText, "host_id");
        Require(request.Slots is > 0 and <= MaxAttempts, "slots");
        Require(request.Cores is > 0 and <= MaxAttempts, "cores");
        Require(request.MemoryBytes >= 0, "memory_bytes");
        Require(Sound(request.Hardware), "hardware");
        Require(Sound(request.Runtime), "runtime");
        Require(Sound(request.Data), "data");
        Require(Sound(request.Name) && Sound(request.HostId), "name and host_id");
    }

    /// <summary>The request with completions that the tables can hold.</summary>
    public static SyncRequest Check(SyncRequest request)
    {
        CheckId(request.WorkerId);
        Require(request.FreeSlots is >= 0 and <= MaxAttempts, "free_slots");
        Require(request.Heartbeats.Count <= MaxAttempts, "heartbeats");
        Require(request.Completed.Count <= MaxAttempts, "completed");
        return request with { Completed = [.. request.Completed.Select(Sound)] };
    }

    // A completion that cannot be right counts as a failed attempt: the worker must be able to forget it.
    private static Completion Sound(Completion completion)
    {
        var message = completion.Message is { } said ? BoundedText.Cut(said, MaxMessage) : null;
        var runtime = completion.Runtime is { } facts && Sound(facts) ? completion.Runtime : null;
        var fault = completion switch
        {
            { State: AttemptState.Completed, Result: null } => "a completion without a result",
            { Result: { } result } when !Sound(result) => "a result that is malformed",
            {
                State: not (
                    AttemptState.Completed
                    or AttemptState.Failed
                    or AttemptState.Cancelled
                    or AttemptState.Drained
                )
            } => "an end that is none",
            _ => null,
        };
        return fault is null
            ? completion with
            {
                Message = message,
                Runtime = runtime,
            }
            : completion with
            {
                State = AttemptState.Failed,
                Failure = FailureKind.Protocol,
                Message = $"The worker reported {fault}.",
                Result = null,
                Runtime = runtime,
            };
    }

    private static bool Sound(TrainerResult result) =>
        result.Metrics.Count <= MaxFacts * 8
        && result.Metrics.Keys.All(name =>
            name.Length is > 0 and <= 64
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/')
        )
        && (
            result.ParameterHash is null
            || result.ParameterHash.Length <= 128
                && result.ParameterHash.All(char.IsAsciiLetterOrDigit)
        );

    private static bool Sound(SortedDictionary<string, string> facts) =>
        facts.Count <= MaxFacts && facts.All(fact => Sound(fact.Key) && Sound(fact.Value));

    // PostgreSQL's text has no NUL.
    private static bool Sound(string text) => text.Length <= MaxText * 4 && !text.Contains('\0');

    private static void CheckId(string id) =>
        Require(
            id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'),
            "worker_id (letters, digits and hyphens, at most 64)"
        );

    private static void Require(bool holds, string field)
    {
        if (!holds)
        {
            throw new WorkerRefusedException($"The field {field} is out of its bounds.");
        }
    }
}
