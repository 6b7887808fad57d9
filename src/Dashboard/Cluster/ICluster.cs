namespace Harness.Dashboard.Cluster;

/// <summary>The way to the grains. Pages and lists are read from the database and work without it.</summary>
public interface ICluster
{
    /// <summary>Whether a silo is reachable now.</summary>
    bool IsConnected { get; }

    /// <summary>The grains; throws <see cref="ClusterUnavailableException"/> while no silo is reachable.</summary>
    IGrainFactory Grains { get; }
}

/// <summary>No silo is reachable: nothing can be changed now.</summary>
public sealed class ClusterUnavailableException()
    : Exception("No silo is reachable, so nothing can be changed now.");
