using System.Security.Cryptography;
using System.Text;

namespace Harness.Dashboard.Access;

/// <summary>The tokens that this dashboard takes.</summary>
public sealed class AccessTokens
{
    private readonly IReadOnlyList<AccessToken> _tokens;

    /// <summary>Takes these tokens and no others.</summary>
    public AccessTokens(IReadOnlyList<AccessToken> tokens)
    {
        _tokens = tokens;
        // Cookies are shared between the ports of a host: two harnesses on one machine need two names.
        CookieName = "harness_" + Convert.ToHexStringLower(SHA256.HashData(tokens[0].Hash))[..8];
    }

    /// <summary>Name of the cookie of a browser's session.</summary>
    public string CookieName { get; }

    /// <summary>The token with this text, or null.</summary>
    public AccessToken? FindToken(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return Find(token => token.Hash, hash);
    }

    /// <summary>The token whose browser session this is, or null.</summary>
    public AccessToken? FindSession(string cookie) =>
        Find(token => Encoding.UTF8.GetBytes(token.Session()), Encoding.UTF8.GetBytes(cookie));

    private AccessToken? Find(Func<AccessToken, byte[]> secret, byte[] presented)
    {
        AccessToken? found = null;
        foreach (var token in _tokens)
        {
            // Every token is compared in constant time, and none ends the search: the time says nothing.
            if (CryptographicOperations.FixedTimeEquals(secret(token), presented))
            {
                found = token;
            }
        }

        return found;
    }
}
