using System.Security.Cryptography;
using System.Text;

namespace Harness.Dashboard.Assets;

/// <summary>A file that pages load.</summary>
/// <param name="Name">Name in the address.</param>
/// <param name="Type">Content type.</param>
/// <param name="Text">Content.</param>
public sealed record Asset(string Name, string Type, string Text)
{
    /// <summary>First digits of the content's SHA-256: another content has another address.</summary>
    public string Version { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))[..12];

    /// <summary>Address.</summary>
    public string Url => $"/assets/{Name}?v={Version}";
}

/// <summary>
/// The few files that pages load, inside the assembly: they are the same from the build's output, a published folder
/// and an image, where static web assets are empty in one of the three.
/// </summary>
public static class EmbeddedAssets
{
    /// <summary>The one style sheet; reports carry it inside.</summary>
    public static Asset Looks { get; } = new("looks.css", "text/css; charset=utf-8", Read(".css"));

    /// <summary>Keeps a page fresh.</summary>
    public static Asset Live { get; } =
        new("live.js", "text/javascript; charset=utf-8", Read(".js"));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Asset> All { get; } = [Looks, Live];

    /// <summary>Serves them to anyone: they hold nothing of a harness.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var asset in All)
        {
            routes
                .MapGet(
                    $"/assets/{asset.Name}",
                    (HttpContext context) =>
                    {
                        context.Response.Headers.CacheControl =
                            "public, max-age=31536000, immutable";
                        return Results.Text(asset.Text, asset.Type);
                    }
                )
                .AllowAnonymous();
        }
    }

    private static string Read(string extension)
    {
        var assembly = typeof(EmbeddedAssets).Assembly;
        var text = new StringBuilder();
        foreach (
            var name in assembly
                .GetManifestResourceNames()
                .Where(name => name.EndsWith(extension, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            text.Append(reader.ReadToEnd());
        }

        return text.ToString();
    }
}
