namespace Harness.Storage;

/// <summary>Passwords of the two roles that programs use; the owner's is the connection's own.</summary>
/// <param name="Silo">Of <c>harness_silo</c>: reads and writes tables; may only add events.</param>
/// <param name="Read">Of <c>harness_read</c>: reads the public views.</param>
public sealed record RolePasswords(string Silo, string Read);
