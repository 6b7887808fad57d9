using System.Security.Cryptography;
using System.Text;
using Harness.Dashboard.Assets;

namespace Harness.Dashboard.Reports;

/// <summary>What a report may load: nothing. Its own style is named by its hash, also in a saved file.</summary>
public static class ReportPolicy
{
    /// <summary>The policy.</summary>
    public static string Text { get; } =
        "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"
        + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(EmbeddedAssets.Looks.Text)))
        + "'";
}
