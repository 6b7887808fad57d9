using System.Security.Cryptography;
using System.Text;

namespace Harness.Silo.Workers;

/// <summary>Lets in who shows the join token.</summary>
/// <param name="token">The token, or null where only loopback is listened on.</param>
internal sealed class JoinTokenFilter(string? token) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _hash = token is null ? null : Hash(token);

    /// <inheritdoc/>
    public ValueTask<object?> InvokeAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    ) =>
        _hash is null || Shows(context.HttpContext.Request.Headers.Authorization.ToString(), _hash)
            ? next(context)
            : ValueTask.FromResult<object?>(Answers.NoToken(context.HttpContext));

    // Hashes have one length, so the comparison takes the same time whatever was sent.
    private static bool Shows(string header, byte[] hash) =>
        header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..].Trim()), hash);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
