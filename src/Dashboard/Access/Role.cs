namespace Harness.Dashboard.Access;

/// <summary>What the bearer of a token may do; each includes the ones before it.</summary>
public enum Role
{
    /// <summary>Reads.</summary>
    Viewer,

    /// <summary>Submits and stops work.</summary>
    Submitter,

    /// <summary>Everything.</summary>
    Admin,
}

/// <summary>Names of the authorization policies. Every endpoint has one, or says that it is open to anyone.</summary>
public static class Policies
{
    /// <summary>Any token.</summary>
    public const string Read = "read";

    /// <summary>Submitter or admin.</summary>
    public const string Submit = "submit";

    /// <summary>Admin alone.</summary>
    public const string Admin = "admin";
}
