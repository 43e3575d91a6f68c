using System.Globalization;
using Portal.Data.Demo;

namespace Portal.Hosting;

/// <summary>What the program was asked to do.</summary>
public enum Verb { Serve, Migrate, Seed }

/// <param name="Resume">Go on with a migration that stopped half-way, after its cause was mended.</param>
/// <param name="Apartments">How large a demo to seed.</param>
public sealed record PortalCommand(Verb Verb, bool Resume = false, int Apartments = DemoSeed.StandardSize)
{
    /// <summary>Words that are no verb of ours are left to the configuration.</summary>
    public static PortalCommand Parse(string[] args) => args.FirstOrDefault() switch
    {
        "migrate" => new PortalCommand(Verb.Migrate, Resume: args.Contains("--resume")),
        "seed" => new PortalCommand(Verb.Seed, Apartments: Number(args, "--apartments") ?? DemoSeed.StandardSize),
        _ => new PortalCommand(Verb.Serve),
    };

    private static int? Number(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length && int.TryParse(args[at + 1], CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;
    }
}
