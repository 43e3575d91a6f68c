using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Portal.Hosting;

/// <summary>
/// Where requests really come from, when proxies stand in front of the portal: told by their <c>X-Forwarded-*</c> headers, believed only of
/// the proxies named in <c>Proxy:Known</c>. Nobody is named to begin with, and the headers mean nothing.
/// </summary>
public static class Proxies
{
    public const string Known = "Proxy:Known";

    /// <exception cref="InvalidOperationException">What is configured is neither an address nor a network. Better no start than limits and
    /// an audit log that know every person by the proxy's address.</exception>
    public static IServiceCollection AddProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var known = (configuration[Known] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(Network).ToList();
        return services.PostConfigure<ForwardedHeadersOptions>(options =>
        {
            // The framework's own switch (ASPNETCORE_FORWARDEDHEADERS_ENABLED) would believe everybody: this has the last word.
            options.ForwardedHeaders = known.Count == 0
                ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in known) options.KnownIPNetworks.Add(network);

            // Back to the first address that is not one of ours, through however many of ours.
            options.ForwardLimit = null;
        });
    }

    private static IPNetwork Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new InvalidOperationException(
            $"Proxy:Known has '{text}'. Write addresses or networks with commas between them, such as '10.0.0.5, 10.1.0.0/16'.");
}
