using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using Harness.Domain.Workers;

namespace Harness.Worker.Silo;

/// <summary>Checkpoints to any silo, and from it. Every call may be repeated.</summary>
public sealed class CheckpointClient : IDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromMinutes(2); // a gigabyte over a slow line

    private readonly HttpClient _http = new() { Timeout = CallLimit };
    private readonly IReadOnlyList<Uri> _silos;
    private int _current;

    /// <summary>Speaks to the first silo that answers.</summary>
    public CheckpointClient(WorkerSettings settings)
    {
        _silos = settings.Silos;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            settings.JoinToken
        );
    }

    /// <summary>Brings one.</summary>
    /// <param name="lease">Whose it is.</param>
    /// <param name="step">Steps that are done.</param>
    /// <param name="hash">SHA-256 of the file.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Why it is not kept, a sentence; null: it is.</returns>
    /// <exception cref="SiloAwayException">No silo took it now.</exception>
    public Task<string?> PutAsync(
        Lease lease,
        int step,
        string hash,
        string path,
        CancellationToken cancellation
    ) =>
        CallAsync(
            async silo =>
            {
                using var content = new StreamContent(File.OpenRead(path));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                using var answer = await _http.PutAsync(
                    new Uri(
                        silo,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"worker/v1/checkpoints/{hash}?trial={lease.TrialId}&token={lease.Token}&step={step}"
                        )
                    ),
                    content,
                    cancellation
                );
                return await ReasonAsync(answer, cancellation);
            },
            cancellation
        );

    /// <summary>Fetches one into a file, and looks whether it is what was stored.</summary>
    /// <param name="checkpoint">Which.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Why there is none, a sentence; null: it is there.</returns>
    /// <exception cref="SiloAwayException">No silo gave it now.</exception>
    public Task<string?> GetAsync(
        StoredCheckpoint checkpoint,
        string path,
        CancellationToken cancellation
    ) =>
        CallAsync(
            async silo =>
            {
                using var answer = await _http.GetAsync(
                    new Uri(silo, $"worker/v1/checkpoints/{checkpoint.Hash}"),
                    HttpCompletionOption.ResponseHeadersRead,
                    cancellation
                );
                if (await ReasonAsync(answer, cancellation) is { } reason)
                {
                    return reason;
                }

                await using var file = File.Create(path);
                await answer.Content.CopyToAsync(file, cancellation);
                file.Position = 0;
                var hash = await SHA256.HashDataAsync(file, cancellation);
                return Convert.ToHexStringLower(hash) == checkpoint.Hash
                    ? null
                    : $"The silo's checkpoint {checkpoint.Hash[..12]}… is damaged: its bytes have another hash.";
            },
            cancellation
        );

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<string?> CallAsync(
        Func<Uri, Task<string?>> call,
        CancellationToken cancellation
    )
    {
        var silo = _silos[_current % _silos.Count];
        try
        {
            return await call(silo);
        }
        catch (Exception error)
            when (error is HttpRequestException or HttpIOException
                || error is IOException { InnerException: SocketException }
                || (error is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            _current++;
            throw new SiloAwayException($"{silo} does not answer: {error.Message}", error);
        }
    }

    private async Task<string?> ReasonAsync(
        HttpResponseMessage answer,
        CancellationToken cancellation
    )
    {
        if (answer.IsSuccessStatusCode)
        {
            return null;
        }

        var reason = await SiloClient.ReasonAsync(answer, cancellation);
        // Whether a refused worker is to end is found where it asks for leases.
        if (
            answer.StatusCode
            is HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden
                or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout
        )
        {
            _current++;
            throw new SiloAwayException($"{(int)answer.StatusCode}: {reason}");
        }

        return reason;
    }
}
