namespace Harness.Worker;

/// <summary>
/// A file whose age says how long ago a silo answered this worker. A worker has no port that a container engine could
/// ask, and a connection that is merely open says nothing.
/// </summary>
/// <param name="scratch">The worker's folder.</param>
public sealed class SignOfLife(string scratch)
{
    private readonly string _file = Path.Combine(scratch, "answered");

    /// <summary>A silo answered just now.</summary>
    public void Touch()
    {
        try
        {
            File.WriteAllBytes(_file, "\n"u8);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // A full disk ends no attempt; the file's age tells.
        }
    }
}
