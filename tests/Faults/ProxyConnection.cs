using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Harness.Faults;

/// <summary>One connection: bytes both ways, and the messages of the client read as they pass.</summary>
/// <remarks>
/// PostgreSQL's protocol 3: first a message without a type, then a byte of type and a length each. A Sync behind
/// Executes commits a batch that no transaction holds; a query <c>COMMIT</c> commits one.
/// </remarks>
/// <param name="proxy">Who decides.</param>
/// <param name="client">The silo.</param>
/// <param name="server">PostgreSQL.</param>
/// <param name="rewrite">What is passed on instead of a statement; null: the statement.</param>
internal sealed class ProxyConnection(
    PostgresProxy proxy,
    Socket client,
    Socket server,
    Func<string, string>? rewrite
)
{
    private const int TypeAndLength = 5;
    private const int Batch = 3; // statements: what writes has as many, and most of what reads has one
    private const int Longest = 64 << 20; // a message of the silo

    private bool _greeted;
    private int _executes;

    /// <summary>Until one side ends, or the proxy cuts.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var down = DownAsync(either.Token);
        var up = UpAsync(either.Token);
        await Task.WhenAny(down, up);
        await either.CancelAsync();
        await Task.WhenAll(down, up).ContinueWith(ended => ended.Exception, TaskScheduler.Default);
    }

    private async Task DownAsync(CancellationToken stop)
    {
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await server.ReceiveAsync(buffer, stop)) > 0)
        {
            await SendAsync(client, buffer.AsMemory(0, read), stop);
        }
    }

    private async Task UpAsync(CancellationToken stop)
    {
        while (await MessageAsync(stop) is { } message)
        {
            var cut = IsCommit(message) ? proxy.OnCommit() : Cut.No;
            if (cut == Cut.Before)
            {
                return;
            }

            await SendAsync(server, rewrite is null ? message : Rewritten(message), stop);
            if (cut == Cut.After)
            {
                // The answer is not passed on: the client's end is closed before it comes, the server's after it.
                client.Close();
                await Task.Delay(TimeSpan.FromMilliseconds(300), stop);
                return;
            }
        }
    }

    // Parse: a name, the statement, types of parameters; both texts end with a zero.
    private byte[] Rewritten(byte[] message)
    {
        if (message[0] != 'P')
        {
            return message;
        }

        var begin = Array.IndexOf(message, (byte)0, TypeAndLength) + 1;
        var end = Array.IndexOf(message, (byte)0, begin);
        var statement = Encoding.UTF8.GetString(message, begin, end - begin);
        byte[] other =
        [
            .. message[..begin],
            .. Encoding.UTF8.GetBytes(rewrite!(statement)),
            .. message[end..],
        ];
        BinaryPrimitives.WriteInt32BigEndian(other.AsSpan(1), other.Length - 1);
        return other;
    }

    private async Task<byte[]?> MessageAsync(CancellationToken stop)
    {
        var head = new byte[_greeted ? TypeAndLength : 4];
        if (!await FillAsync(head, stop))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(head.Length - 4));
        if (length is < 4 or > Longest)
        {
            throw new IOException($"a message of {length} bytes is none of PostgreSQL's");
        }

        var message = new byte[head.Length + length - 4];
        head.CopyTo(message, 0);
        _greeted = true;
        return await FillAsync(message.AsMemory(head.Length), stop) ? message : null;
    }

    private bool IsCommit(byte[] message)
    {
        switch ((char)message[0])
        {
            case 'E':
                _executes++;
                return false;
            case 'S' when message.Length == TypeAndLength:
                var commits = _executes >= Batch;
                _executes = 0;
                return commits;
            case 'Q':
                return Encoding
                    .ASCII.GetString(message, TypeAndLength, message.Length - TypeAndLength)
                    .StartsWith("COMMIT", StringComparison.OrdinalIgnoreCase);
            default:
                return false;
        }
    }

    private async Task<bool> FillAsync(Memory<byte> buffer, CancellationToken stop)
    {
        while (buffer.Length > 0)
        {
            var read = await client.ReceiveAsync(buffer, stop);
            if (read == 0)
            {
                return false;
            }

            buffer = buffer[read..];
        }

        return true;
    }

    private static async Task SendAsync(
        Socket to,
        ReadOnlyMemory<byte> bytes,
        CancellationToken stop
    )
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await to.SendAsync(bytes, stop)..];
        }
    }
}
