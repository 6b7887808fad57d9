using System.Diagnostics;
using Harness.Dashboard.Cluster;
using Harness.Domain;
using Harness.Grains;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace Harness.Dashboard.Problems;

/// <summary>Turns what was thrown into a problem that says what to do; a stack stays in the log.</summary>
public sealed partial class FailureHandler(ILogger<FailureHandler> log) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        var answer = Answer(exception);
        if (answer.Problem.Status >= StatusCodes.Status500InternalServerError)
        {
            Failed(log, exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        await answer.ExecuteAsync(httpContext);
        return true;
    }

    private static ProblemAnswer Answer(Exception exception) =>
        exception switch
        {
            BadHttpRequestException bad => ProblemAnswer.Of(
                bad.StatusCode,
                "request-invalid",
                "Bad request",
                bad.Message
            ),
            HarnessException { ExitCode: HarnessException.BadInput } bad => ProblemAnswer.Of(
                StatusCodes.Status422UnprocessableEntity,
                "input-invalid",
                "Bad input",
                bad.Message
            ),
            IdempotencyConflictException => ProblemAnswer.Of(
                StatusCodes.Status409Conflict,
                "idempotency-conflict",
                "Key used before",
                exception.Message
            ),
            DiskLowException low => ProblemAnswer.DiskLow(low.Message),
            ClusterUnavailableException
            or DatabaseUnavailableException
            or ClaimWithoutFileException
            or HarnessException => ProblemAnswer.Unavailable(exception.Message),
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } =>
                ProblemAnswer.Unavailable("The database took too long over this question."),
            NpgsqlException => ProblemAnswer.Unavailable("The database does not answer."),
            OrleansException or TimeoutException => ProblemAnswer.Unavailable(
                "The cluster does not answer."
            ),
            _ => ProblemAnswer.Of(
                StatusCodes.Status500InternalServerError,
                "internal",
                "A fault of the harness",
                $"This is a fault in the dashboard, not of your input; its log has it under trace "
                    + $"{Activity.Current?.TraceId.ToString() ?? "-"}."
            ),
        };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void Failed(
        ILogger logger,
        Exception exception,
        string method,
        string path
    );
}
