using System.Text;
using Harness.Domain.Api;

namespace Harness.Domain.Sweeps;

/// <summary>Bytes of a person's file as text: UTF-8, with or without its mark.</summary>
public static class SpecText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The text, or the first byte that is none, with its line and column.</summary>
    public static (string? Text, SpecProblem? Problem) Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return (
                null,
                Problem(1, 1, "The file is UTF-16 (its first two bytes say so): save it as UTF-8.")
            );
        }

        if (bytes is [0xEF, 0xBB, 0xBF, ..])
        {
            bytes = bytes[3..];
        }

        try
        {
            return (Strict.GetString(bytes), null);
        }
        catch (DecoderFallbackException fault)
        {
            var right = bytes[..FirstWrong(bytes)];
            var (line, column) = (right.Count((byte)'\n') + 1, 1);
            column += Encoding.UTF8.GetCharCount(right[(right.LastIndexOf((byte)'\n') + 1)..]);
            return (
                null,
                Problem(
                    line,
                    column,
                    $"Byte {right.Length} (0x{fault.BytesUnknown![0]:X2}) is no UTF-8 text: save the file as UTF-8."
                )
            );
        }
    }

    private static int FirstWrong(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (
            Rune.DecodeFromUtf8(bytes[at..], out _, out var length)
            is System.Buffers.OperationStatus.Done
        )
        {
            at += length;
        }

        return at;
    }

    private static SpecProblem Problem(int line, int column, string message) =>
        new()
        {
            Code = "encoding",
            Path = "",
            Line = line,
            Column = column,
            Message = message,
        };
}
