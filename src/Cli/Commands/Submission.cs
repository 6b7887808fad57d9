using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Cli.Commands;

/// <summary>Sends a sweep file to the API.</summary>
public static class Submission
{
    /// <summary>Submits, and says what the server warns of.</summary>
    public static async Task<SubmitReply> SendAsync(
        Session session,
        SpecSource source,
        bool fresh,
        CancellationToken cancellation
    )
    {
        var reply = await session.Client.PostAsync(
            "sweeps" + source.Query(fresh),
            source.Text,
            source.MediaType,
            DomainJson.Default.SubmitReply,
            cancellation
        );
        foreach (var warning in reply.Warnings)
        {
            session.Terminal.Say($"warning: {warning}");
        }

        return reply;
    }
}
