using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Harness.Dashboard.Problems;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Dashboard.Sweeps;

/// <summary>Changes priority and limit of a sweep that lives.</summary>
public static class SetSweep
{
    private const int MostBytes = 4 * 1024;

    /// <summary>
    /// <c>PATCH /api/v1/sweeps/{sweep}</c>: 202 with the summary. With <c>If-Match</c> only while the sweep is as the
    /// caller saw it, else 412.
    /// </summary>
    public static async Task<IResult> HandleAsync(
        ChangeSweep change,
        string sweep,
        HttpContext http,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        var (limits, badBody) = await ReadAsync(http.Request, cancellation);
        if (badBody is not null)
        {
            return badBody;
        }

        if (!TryVersion(http.Request.Headers.IfMatch.ToString(), out var version))
        {
            return ProblemAnswer.Of(
                StatusCodes.Status400BadRequest,
                "if-match-invalid",
                "Bad If-Match",
                "'If-Match' takes the ETag of the sweep as it was answered, such as \"7\", or *."
            );
        }

        var (summary, problem) = await RunAsync(
            change,
            sweep,
            limits!,
            version,
            user,
            cancellation
        );
        return problem ?? ChangeSweep.Accepted(http.Response, summary!);
    }

    /// <summary>The form of the page: back to it.</summary>
    public static async Task<IResult> ReturnAsync(
        ChangeSweep change,
        string sweep,
        HttpContext http,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        if (!http.Request.HasFormContentType)
        {
            return ProblemAnswer.Of(
                StatusCodes.Status415UnsupportedMediaType,
                "media-type",
                "Wrong content type",
                "This address takes the form of the sweep's page."
            );
        }

        var form = await http.Request.ReadFormAsync(cancellation);
        var errors = new List<SpecProblem>();
        var limits = new SweepLimits
        {
            Priority = Number("priority"),
            MaxConcurrentTrials = Number("max_concurrent_trials"),
        };
        var version = Number("version");
        if (errors.Count > 0 || (errors = Faults(limits)).Count > 0)
        {
            return BadBody(errors[0].Message, errors);
        }

        var (summary, problem) = await RunAsync(change, sweep, limits, version, user, cancellation);
        return problem ?? ChangeSweep.Back(http.Response, summary!.Sweep);

        // An empty field of the form stays as it is.
        int? Number(string name)
        {
            var text = form[name].ToString().Trim();
            if (text.Length == 0)
            {
                return null;
            }

            if (
                int.TryParse(
                    text,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var number
                )
            )
            {
                return number;
            }

            errors.Add(Fault(name, $"'{text}' is no whole number.", []));
            return null;
        }
    }

    private static async Task<(SweepSummary? Summary, ProblemAnswer? Problem)> RunAsync(
        ChangeSweep change,
        string sweep,
        SweepLimits limits,
        int? version,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        var (id, grain, missing) = await change.FindAsync(sweep, cancellation);
        if (missing is not null)
        {
            return (null, missing);
        }

        var changed = await grain!
            .SetAsync(limits, version, user.Identity!.Name!)
            .WaitAsync(cancellation);
        return await change.OutcomeAsync(
            id,
            changed,
            "set",
            state => $"is {Words.Of(state)}; priority and limits are those of a sweep that lives",
            cancellation
        );
    }

    private static async Task<(SweepLimits? Limits, ProblemAnswer? Problem)> ReadAsync(
        HttpRequest request,
        CancellationToken cancellation
    )
    {
        if (!request.HasJsonContentType())
        {
            return (
                null,
                ProblemAnswer.Of(
                    StatusCodes.Status415UnsupportedMediaType,
                    "media-type",
                    "Wrong content type",
                    "Send the change as application/json: {\"priority\": 5}."
                )
            );
        }

        var buffer = new byte[MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(
            buffer,
            buffer.Length,
            throwOnEndOfStream: false,
            cancellation
        );
        if (length > MostBytes)
        {
            return (
                null,
                ProblemAnswer.Of(
                    StatusCodes.Status413PayloadTooLarge,
                    "body-too-large",
                    "Change too large",
                    "A change names a priority, a limit or both: 4 KiB are enough."
                )
            );
        }

        try
        {
            var limits = JsonSerializer.Deserialize(
                buffer.AsSpan(0, length),
                DomainJson.Default.SweepLimits
            );
            var errors = Faults(limits);
            return errors.Count > 0 ? (null, BadBody(errors[0].Message, errors)) : (limits, null);
        }
        catch (JsonException fault)
        {
            return (
                null,
                BadBody(
                    "The change is an object with whole numbers 'priority', 'max_concurrent_trials' or both.",
                    [
                        Fault(
                            fault.Path?.TrimStart('$', '.') ?? "",
                            "This is none of the two, or no whole number.",
                            ["priority", "max_concurrent_trials"]
                        ),
                    ]
                )
            );
        }
    }

    private static List<SpecProblem> Faults(SweepLimits? limits)
    {
        var faults = new List<SpecProblem>();
        if (limits is not { Priority: not null } and not { MaxConcurrentTrials: not null })
        {
            faults.Add(Fault("", "Nothing is to change.", ["priority", "max_concurrent_trials"]));
        }

        if (limits?.Priority is < SweepLimits.MinPriority or > SweepLimits.MaxPriority)
        {
            faults.Add(
                Fault(
                    "priority",
                    $"priority {limits.Priority} is out of range.",
                    [$"{SweepLimits.MinPriority} to {SweepLimits.MaxPriority}"]
                )
            );
        }

        if (limits?.MaxConcurrentTrials < 1)
        {
            faults.Add(
                Fault(
                    "max_concurrent_trials",
                    $"max_concurrent_trials {limits.MaxConcurrentTrials} is out of range; 'pause' lets nothing run.",
                    [$"1 to {int.MaxValue}"]
                )
            );
        }

        return faults;
    }

    private static SpecProblem Fault(string name, string message, IReadOnlyList<string> allowed) =>
        new()
        {
            Code = "range",
            Path = name.Length == 0 ? "" : $"/{name}",
            Line = 0,
            Column = 0,
            Message = message,
            Allowed = allowed.Count == 0 ? null : allowed,
        };

    private static ProblemAnswer BadBody(string detail, IReadOnlyList<SpecProblem> errors) =>
        ProblemAnswer.Of(
            StatusCodes.Status422UnprocessableEntity,
            "body-invalid",
            "Bad request body",
            detail,
            errors
        );

    private static bool TryVersion(string text, out int? version)
    {
        version = null;
        if (text.Length == 0 || text == "*")
        {
            return true;
        }

        if (
            text.Length > 2
            && text[0] == '"'
            && text[^1] == '"'
            && int.TryParse(
                text.AsSpan(1, text.Length - 2),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
        {
            version = number;
            return true;
        }

        return false;
    }
}
