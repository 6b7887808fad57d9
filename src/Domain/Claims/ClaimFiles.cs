namespace Harness.Domain.Claims;

/// <summary>The claims that can be measured: files under <c>claims/</c>, carried by every program.</summary>
public static class ClaimFiles
{
    private const string Prefix = "claims/";
    private const string Suffix = ".yml";

    /// <summary>Ids of the claims that have a file, in the order of the catalogue.</summary>
    public static IReadOnlyList<string> Ids { get; } =
    [
        .. ClaimCatalog
            .All.Select(claim => claim.Id)
            .Where(id =>
                typeof(ClaimFiles).Assembly.GetManifestResourceInfo(Prefix + id + Suffix)
                    is not null
            ),
    ];

    /// <summary>The file of that claim as it is written, or null where there is none yet.</summary>
    public static string? Text(string id)
    {
        using var stream = typeof(ClaimFiles).Assembly.GetManifestResourceStream(
            Prefix + id + Suffix
        );
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The file of a claim that is to be measured.</summary>
    /// <exception cref="HarnessException">There is none yet; the message names those that there are.</exception>
    public static string Required(string id) =>
        Text(id)
        ?? throw new HarnessException(
            $"The claim '{id}' has no experiment yet; there are: {string.Join(", ", Ids)}.",
            HarnessException.BadInput
        );
}
