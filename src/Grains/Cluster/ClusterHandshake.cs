using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Harness.Grains.Cluster;

/// <summary>
/// Proves on each Orleans connection, before its first byte, that both ends know the cluster's secret. Orleans itself
/// asks a peer for the cluster's id only, and whoever gets in may call every grain.
/// </summary>
/// <remarks>
/// The side that connects sends a nonce; the other answers with its own nonce and a MAC over both; the first sends its
/// MAC. The MACs carry the role, so that neither can be sent back to its maker. All messages have a fixed size and the
/// whole exchange has a time limit. It neither encrypts nor protects what follows: the ports stay on a private network.
/// </remarks>
/// <param name="secret">Random text of at least 16 characters, the same for all programs of the cluster.</param>
/// <param name="limit">Time for the whole exchange; 5 s when not given.</param>
public sealed class ClusterHandshake(string secret, TimeSpan? limit = null)
{
    private const int NonceSize = 32;
    private const int MacSize = 32;
    private const string Refusal =
        "The peer did not prove that it knows the cluster's secret: HARNESS_CLUSTER_SECRET must be the same for all programs of a cluster.";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(
        secret.Length >= 16
            ? secret
            : throw new ArgumentException("must have at least 16 characters", nameof(secret))
    );
    private readonly TimeSpan _limit = limit ?? TimeSpan.FromSeconds(5);

    /// <summary>Guards connections that come in.</summary>
    public void Accept(IConnectionBuilder connections) =>
        connections.Use(next => context => GuardAsync(context, AnswerAsync, next));

    /// <summary>Guards connections that go out.</summary>
    public void Open(IConnectionBuilder connections) =>
        connections.Use(next => context => GuardAsync(context, AskAsync, next));

    private async Task GuardAsync(
        ConnectionContext context,
        Func<IDuplexPipe, CancellationToken, Task<bool>> exchange,
        ConnectionDelegate next
    )
    {
        if (!await TryAsync(context, exchange))
        {
            var refused = new ConnectionAbortedException(Refusal);
            context.Abort(refused);
            throw refused;
        }

        await next(context);
    }

    private async Task<bool> TryAsync(
        ConnectionContext context,
        Func<IDuplexPipe, CancellationToken, Task<bool>> exchange
    )
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(
            context.ConnectionClosed
        );
        limited.CancelAfter(_limit);
        try
        {
            return await exchange(context.Transport, limited.Token);
        }
        catch (Exception failure)
            when (failure is OperationCanceledException or IOException or InvalidOperationException)
        {
            return false;
        }
    }

    private async Task<bool> AskAsync(IDuplexPipe transport, CancellationToken cancellation)
    {
        var mine = RandomNumberGenerator.GetBytes(NonceSize);
        await transport.Output.WriteAsync(mine, cancellation);
        var answer = await ReadAsync(transport.Input, NonceSize + MacSize, cancellation);
        if (answer is null)
        {
            return false;
        }

        var theirs = answer.AsSpan(0, NonceSize).ToArray();
        if (!Proves(answer.AsSpan(NonceSize), "accept", mine, theirs))
        {
            return false;
        }

        await transport.Output.WriteAsync(Mac("open", mine, theirs), cancellation);
        return true;
    }

    private async Task<bool> AnswerAsync(IDuplexPipe transport, CancellationToken cancellation)
    {
        var theirs = await ReadAsync(transport.Input, NonceSize, cancellation);
        if (theirs is null)
        {
            return false;
        }

        var mine = RandomNumberGenerator.GetBytes(NonceSize);
        byte[] answer = [.. mine, .. Mac("accept", theirs, mine)];
        await transport.Output.WriteAsync(answer, cancellation);
        var proof = await ReadAsync(transport.Input, MacSize, cancellation);
        return proof is not null && Proves(proof, "open", theirs, mine);
    }

    private bool Proves(ReadOnlySpan<byte> mac, string role, byte[] opener, byte[] accepter) =>
        CryptographicOperations.FixedTimeEquals(mac, Mac(role, opener, accepter));

    private byte[] Mac(string role, ReadOnlySpan<byte> opener, ReadOnlySpan<byte> accepter) =>
        HMACSHA256.HashData(
            _key,
            (byte[])
                [.. Encoding.ASCII.GetBytes($"harness-cluster-1 {role} "), .. opener, .. accepter]
        );

    /// <summary>Exactly so many bytes; what came after them stays in the pipe. Null when the peer hung up.</summary>
    private static async Task<byte[]?> ReadAsync(
        PipeReader input,
        int size,
        CancellationToken cancellation
    )
    {
        var read = await input.ReadAtLeastAsync(size, cancellation);
        if (read.Buffer.Length < size)
        {
            return null;
        }

        var message = read.Buffer.Slice(0, size);
        var bytes = message.ToArray();
        input.AdvanceTo(message.End);
        return bytes;
    }
}

/// <summary>Puts the handshake into an Orleans client; the silo has its own extension beside its host.</summary>
public static class ClusterHandshakeExtensions
{
    /// <summary>Guards every connection of this client.</summary>
    public static IClientBuilder UseClusterHandshake(this IClientBuilder client, string secret)
    {
        var handshake = new ClusterHandshake(secret);
        client.Services.Configure<ClientConnectionOptions>(options =>
            options.ConfigureConnection(handshake.Open)
        );
        return client;
    }
}
