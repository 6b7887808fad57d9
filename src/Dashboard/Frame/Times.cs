namespace Harness.Dashboard.Frame;

/// <summary>Times of day and dates on pages, in UTC.</summary>
public static class Times
{
    /// <summary><c>2026-11-24 09:12</c>.</summary>
    public static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm");

    /// <summary><c>09:12:31.4</c>.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss.f");
}
