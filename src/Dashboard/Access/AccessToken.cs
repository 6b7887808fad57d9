using System.Security.Cryptography;
using System.Text;

namespace Harness.Dashboard.Access;

/// <summary>A token as the dashboard keeps it: its hash, never its text.</summary>
/// <param name="Name">Who submits with it, in tables and pages.</param>
/// <param name="Role">What it allows.</param>
/// <param name="Hash">SHA-256 of the text. A fast hash does: tokens are random, not chosen by people.</param>
public sealed record AccessToken(string Name, Role Role, byte[] Hash)
{
    /// <summary>The token with this text.</summary>
    public static AccessToken Of(string name, Role role, string text) =>
        new(name, role, SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// The value of a browser's cookie: derived from the token, so that a restart keeps sessions and a stolen cookie
    /// is no bearer token.
    /// </summary>
    public string Session() =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Hash, "harness browser session"u8));
}
