using System.Globalization;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Workers;
using Harness.Grains;
using Npgsql;

namespace Harness.Silo.Workers;

/// <summary>Answers of the workers' endpoint when something is wrong: problem documents with one sentence.</summary>
internal static class Answers
{
    /// <summary>Runs a handler; what it throws becomes an answer that tells the worker what to do.</summary>
    public static async Task<IResult> ForAsync(Func<Task<IResult>> handler)
    {
        try
        {
            return await handler();
        }
        catch (BadHttpRequestException refused)
        {
            return Problem(
                "request-invalid",
                "The request is refused",
                refused.StatusCode,
                refused.Message
            );
        }
        catch (JsonException wrong)
        {
            return Problem("request-invalid", "The message is malformed", 400, wrong.Message);
        }
        catch (WorkerRefusedException refused)
        {
            return Problem("worker-refused", "The worker is refused", 400, refused.Message);
        }
        catch (WorkerUnknownException unknown)
        {
            return Problem("worker-unknown", "The worker is not known", 409, unknown.Message);
        }
        catch (PostgresException refused) when (!Outage.Is(refused))
        {
            return Problem(
                "data-refused",
                "The database refuses the data",
                422,
                refused.MessageText
            );
        }
        catch (Exception away) when (IsAway(away))
        {
            return Unavailable(away.Message);
        }
    }

    /// <summary>Another protocol number: both are named.</summary>
    public static IResult WrongProtocol(int protocol) =>
        Problem(
            "protocol",
            "The worker speaks another protocol",
            StatusCodes.Status426UpgradeRequired,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The worker speaks protocol {protocol} and this silo speaks {WorkerProtocol.Version}: run the same version of both."
            )
        );

    /// <summary>No token, or a wrong one.</summary>
    public static IResult NoToken(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem(
            "no-token",
            "The join token is missing or wrong",
            401,
            "Set HARNESS_JOIN_TOKEN of the worker to the silo's."
        );
    }

    /// <summary>What is brought is of an attempt that is no longer current.</summary>
    public static IResult Replaced() =>
        Problem(
            "attempt-replaced",
            "The attempt is no longer current",
            StatusCodes.Status410Gone,
            "The trial has passed on to another attempt, or has ended."
        );

    /// <summary>There is no room for a checkpoint.</summary>
    public static IResult NoRoom(string sentence) =>
        Problem("no-room", "The checkpoint is not kept", 507, sentence);

    /// <summary>A checkpoint that is not there.</summary>
    public static IResult NoCheckpoint(string hash) =>
        Problem(
            "no-checkpoint",
            "There is no such checkpoint",
            404,
            $"The silo has no checkpoint {hash[..12]}…."
        );

    private static bool IsAway(Exception failure) =>
        failure is DatabaseUnavailableException or OrleansException or TimeoutException
        || Outage.Is(failure);

    private static RetryLater Unavailable(string reason) =>
        new RetryLater(Problem("unavailable", "Not now", 503, reason));

    private static IResult Problem(string type, string title, int status, string detail) =>
        Results.Json(
            new ProblemDocument
            {
                Type = $"/problems/{type}",
                Title = title,
                Status = status,
                Detail = detail,
            },
            DomainJson.Default.ProblemDocument,
            "application/problem+json",
            status
        );

    private sealed class RetryLater(IResult answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = "1";
            return answer.ExecuteAsync(httpContext);
        }
    }
}
