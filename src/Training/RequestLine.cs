using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;

namespace Harness.Training;

/// <summary>The one line that a trainer reads.</summary>
public static class RequestLine
{
    /// <summary>Longest line, as in the other direction.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Reads it, and nothing behind it that matters; a line that is no trial for this trainer throws one sentence.</summary>
    public static TrainerRequest Read(Stream input)
    {
        TrainerRequest request;
        try
        {
            request =
                JsonSerializer.Deserialize(Bytes(input), DomainJson.Default.TrainerRequest)
                ?? throw new JsonException("null is no request.");
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw new HarnessException(
                $"The line on standard input is no trial: {error.Message.Split(". ")[0].TrimEnd('.')}.",
                HarnessException.BadInput,
                error
            );
        }

        return
            request.Protocol == TrainerRequest.Version && request.Trial.Numerics == Numerics.Version
            ? request
            : throw new HarnessException(
                $"This trainer speaks protocol {TrainerRequest.Version} with numerics {Numerics.Version}; the trial asks for "
                    + $"{request.Protocol} and {request.Trial.Numerics}: use a worker of the same version as the silo.",
                HarnessException.Infrastructure
            );
    }

    private static byte[] Bytes(Stream input)
    {
        using var line = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var read = input.Read(buffer);
            var end = buffer.AsSpan(0, read).IndexOf((byte)'\n');
            line.Write(buffer, 0, end < 0 ? read : end);
            if (line.Length > MaxBytes)
            {
                throw new HarnessException(
                    $"The line on standard input is longer than {MaxBytes} bytes: a trial is one short line of JSON.",
                    HarnessException.BadInput
                );
            }

            if (end >= 0 || (read == 0 && line.Length > 0))
            {
                return line.ToArray();
            }

            if (read == 0)
            {
                throw new HarnessException(
                    "No trial came: the trainer takes one line of JSON on standard input.",
                    HarnessException.BadInput
                );
            }
        }
    }
}
