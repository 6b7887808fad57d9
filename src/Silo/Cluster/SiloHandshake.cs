using Harness.Grains.Cluster;
using Orleans.Configuration;

namespace Harness.Silo.Cluster;

/// <summary>Puts the cluster handshake into a silo.</summary>
public static class SiloHandshake
{
    /// <summary>Guards connections between silos and from clients.</summary>
    public static ISiloBuilder UseClusterHandshake(this ISiloBuilder silo, string secret)
    {
        var handshake = new ClusterHandshake(secret);
        silo.Services.Configure<SiloConnectionOptions>(options =>
        {
            options.ConfigureSiloInboundConnection(handshake.Accept);
            options.ConfigureSiloOutboundConnection(handshake.Open);
            options.ConfigureGatewayInboundConnection(handshake.Accept);
        });
        return silo;
    }
}
