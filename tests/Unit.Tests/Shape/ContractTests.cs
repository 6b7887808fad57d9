using System.Text;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Claims;
using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Unit.Tests.Shape;

/// <summary>
/// What other programs, other versions and stored rows hold on to: names of members, events and states. A changed
/// snapshot is a changed contract: raise the protocol's version, or add a migration.
/// </summary>
public sealed partial class ContractTests
{
    [GeneratedRegex(
        @"\[(?<mark>Alias\(""[^""]+""\)|Id\(\d+\))\]\s*(\[[^\]]*\]\s*)*(?<declaration>[^;{=]+)"
    )]
    private static partial Regex Marked();

    [Fact]
    public void The_trainers_protocol_is_the_committed_one() =>
        Snapshot.Match(
            "TrainerProtocol",
            $"version {TrainerRequest.Version}\n"
                + Describe(typeof(TrainerRequest), typeof(TrainerEvent))
        );

    [Fact]
    public void The_workers_protocol_is_the_committed_one() =>
        Snapshot.Match(
            "WorkerProtocol",
            $"version {WorkerProtocol.Version}\n"
                + Describe(
                    typeof(JoinRequest),
                    typeof(JoinReply),
                    typeof(SyncRequest),
                    typeof(SyncReply),
                    typeof(IngestRequest),
                    typeof(IngestReply)
                )
        );

    [Fact]
    public void The_peoples_rows_are_the_committed_ones() =>
        Snapshot.Match(
            "ApiRows",
            Describe(
                typeof(SubmitReply),
                typeof(Page<SweepSummary>),
                typeof(Page<TrialRow>),
                typeof(SweepDetail),
                typeof(SweepLimits),
                typeof(SweepRemoved),
                typeof(GarbageReport),
                typeof(TrialDetail),
                typeof(WorkerRow),
                typeof(ClaimRow),
                typeof(ClaimRunRequest),
                typeof(ClaimRunReply),
                typeof(SweepReportDocument),
                typeof(Verdict),
                typeof(ProblemDocument)
            )
        );

    // Read from the sources: no test of this project may load Orleans.
    [Fact]
    public void The_grains_and_what_they_are_told_are_the_committed_ones() =>
        Snapshot.Match(
            "Grains",
            string.Concat(
                Repository
                    .Files.Where(file =>
                        file.StartsWith("src/Grains/", StringComparison.Ordinal)
                        && file.EndsWith(".cs", StringComparison.Ordinal)
                    )
                    .SelectMany(file => Marked().Matches(Repository.Read(file)))
                    .Select(match =>
                        $"{match.Groups["mark"].Value} {string.Join(' ', match.Groups["declaration"].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}\n"
                    )
            )
        );

    [Fact]
    public void The_stored_words_are_the_committed_ones() =>
        Snapshot.Match(
            "StoredWords",
            string.Concat(
                typeof(DomainJson)
                    .Assembly.GetExportedTypes()
                    .Where(type => type.IsEnum)
                    .OrderBy(type => type.Name, StringComparer.Ordinal)
                    .Select(type => $"{type.Name}: {string.Join(" | ", Words(type))}\n")
            )
        );

    [Fact]
    public void Every_enum_that_is_written_is_written_as_its_word() =>
        typeof(DomainJson)
            .Assembly.GetExportedTypes()
            .Where(type =>
                type.IsEnum
                && type.GetCustomAttributes(typeof(JsonConverterAttribute), false).Length == 0
                && DomainJson.Default.GetTypeInfo(type) is not null
            )
            .ShouldBeEmpty("a number in a row or a line tells nobody what it means");

    // Every record that can be reached from these, each with its members in order.
    private static string Describe(params Type[] roots)
    {
        var text = new StringBuilder();
        var waiting = new Queue<Type>(roots);
        var seen = new HashSet<Type>();
        while (waiting.TryDequeue(out var type))
        {
            if (!seen.Add(type) || DomainJson.Default.GetTypeInfo(type) is not { } info)
            {
                continue;
            }

            if (info.ElementType is { } element)
            {
                waiting.Enqueue(element);
                continue;
            }

            if (Nullable.GetUnderlyingType(type) is { } inside)
            {
                waiting.Enqueue(inside);
            }
            else if (type.IsEnum)
            {
                text.Append($"\n{Name(type)}: {string.Join(" | ", Words(type))}\n");
            }
            else if (info.Kind == JsonTypeInfoKind.Object)
            {
                Record(info, text, waiting);
            }
        }

        return text.ToString();
    }

    private static void Record(JsonTypeInfo info, StringBuilder text, Queue<Type> waiting)
    {
        text.Append($"\n{Name(info.Type)}\n");
        foreach (var derived in info.PolymorphismOptions?.DerivedTypes ?? [])
        {
            text.Append(
                $"  {info.PolymorphismOptions!.TypeDiscriminatorPropertyName} = {derived.TypeDiscriminator}: {Name(derived.DerivedType)}\n"
            );
            waiting.Enqueue(derived.DerivedType);
        }

        foreach (var member in info.Properties.Where(member => member.Get is not null))
        {
            var nullable =
                member.IsGetNullable && Nullable.GetUnderlyingType(member.PropertyType) is null
                    ? "?"
                    : "";
            var required = member.IsRequired ? ", required" : "";
            text.Append($"  {member.Name}: {Name(member.PropertyType)}{nullable}{required}\n");
            waiting.Enqueue(member.PropertyType);
        }
    }

    private static string Name(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inside ? $"{Name(inside)}?"
        : type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    private static IEnumerable<string> Words(Type type) =>
        Enum.GetNames(type)
            .Select(name => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
}
