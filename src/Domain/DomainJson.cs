using System.Text.Json;
using System.Text.Json.Serialization;
using Harness.Domain.Api;
using Harness.Domain.Catalogue;
using Harness.Domain.Claims;
using Harness.Domain.Sweeps;
using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Domain;

/// <summary>
/// The one JSON contract: a record has the same form on the trainer's standard streams, the workers' endpoint,
/// the people's API, in jsonb columns and in a grain call. Names are snake_case, as in SQL.
/// </summary>
/// <remarks>Unknown and repeated members are refused: a misspelt key must not run with a default.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(TrialSpec))]
[JsonSerializable(typeof(SweepSpec))]
[JsonSerializable(typeof(TrainerEvent))]
[JsonSerializable(typeof(TrainerRequest))]
[JsonSerializable(typeof(JoinRequest))]
[JsonSerializable(typeof(JoinReply))]
[JsonSerializable(typeof(SyncRequest))]
[JsonSerializable(typeof(SyncReply))]
[JsonSerializable(typeof(IngestRequest))]
[JsonSerializable(typeof(AttemptData))]
[JsonSerializable(typeof(Completion))]
[JsonSerializable(typeof(IngestReply))]
[JsonSerializable(typeof(CatalogueFile))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(SubmitReply))]
[JsonSerializable(typeof(SweepSummary))]
[JsonSerializable(typeof(IReadOnlyList<SweepSummary>))]
[JsonSerializable(typeof(SweepChanged))]
[JsonSerializable(typeof(SweepLimits))]
[JsonSerializable(typeof(SubmitKey))]
[JsonSerializable(typeof(SweepRemoved))]
[JsonSerializable(typeof(RemovalReply))]
[JsonSerializable(typeof(ArchivePart))]
[JsonSerializable(typeof(ArchiveManifest))]
[JsonSerializable(typeof(Restored))]
[JsonSerializable(typeof(GarbageReport))]
[JsonSerializable(typeof(SweepDetail))]
[JsonSerializable(typeof(Page<SweepSummary>))]
[JsonSerializable(typeof(Page<TrialRow>))]
[JsonSerializable(typeof(TrialDetail))]
[JsonSerializable(typeof(TrialExplanation))]
[JsonSerializable(typeof(IReadOnlyList<WorkerRow>))]
[JsonSerializable(typeof(IReadOnlyList<ClaimRow>))]
[JsonSerializable(typeof(ClaimRow))]
[JsonSerializable(typeof(SweepReportDocument))]
[JsonSerializable(typeof(ClaimRunRequest))]
[JsonSerializable(typeof(ClaimRunReply))]
[JsonSerializable(typeof(Verdict))]
public sealed partial class DomainJson : JsonSerializerContext;

/// <summary>The same contract for files and pages that people read.</summary>
public static class ReadableJson
{
    /// <summary>Indented.</summary>
    public static JsonSerializerOptions Options { get; } =
        new(DomainJson.Default.Options) { WriteIndented = true };
}

/// <summary>Writes an enum as its snake_case word: the words of tables, files and pages.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class WordConverter<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>The stored word of an enum value, and back.</summary>
public static class Words
{
    /// <summary>snake_case word of a value, e.g. <c>retry_wait</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The value whose word this is; throws when there is none.</summary>
    public static T Parse<T>(string word)
        where T : struct, Enum =>
        Enum.GetValues<T>().Any(value => Of(value) == word)
            ? Enum.GetValues<T>().First(value => Of(value) == word)
            : throw new FormatException($"'{word}' is no {typeof(T).Name}.");
}
