using System.Globalization;
using Portal.Data.Demo;

namespace Portal.Hosting;

/// <summary>What the program was asked to do.</summary>
public enum Verb { Serve, Migrate, Seed, Backup, Restore, Verify, Drill, Export, Import }

/// <param name="Resume">Go on with a migration that stopped half-way, after its cause was mended.</param>
/// <param name="Apartments">How large a demo to seed.</param>
/// <param name="To">Of a backup or a pack: the folder in which it is made. Of a restore: the moment.</param>
/// <param name="Set">The set that is looked at or restored: its folder, or its name in the folder of sets.</param>
/// <param name="Into">The database that it is restored into.</param>
/// <param name="Identity">The file with the secret of an encrypted set.</param>
/// <param name="Signer">The fingerprint by which a pack must be signed.</param>
public sealed record PortalCommand(
    Verb Verb, bool Resume = false, int Apartments = DemoSeed.StandardSize, string? To = null, string? Set = null, string? Into = null,
    string? Identity = null, string? Signer = null)
{
    /// <summary>It works on sets or packs, and beside a portal that serves.</summary>
    public bool OfBackups => Verb is Verb.Backup or Verb.Restore or Verb.Verify or Verb.Drill or Verb.Export or Verb.Import;

    /// <summary>Words that are no verb of ours are left to the configuration.</summary>
    public static PortalCommand Parse(string[] args) => args.FirstOrDefault() switch
    {
        "migrate" => new PortalCommand(Verb.Migrate, Resume: args.Contains("--resume")),
        "seed" => new PortalCommand(Verb.Seed, Apartments: Number(args, "--apartments") ?? DemoSeed.StandardSize),
        "backup" => new PortalCommand(Verb.Backup, To: Word(args, "--to")),
        "restore" => new PortalCommand(
            Verb.Restore, To: Word(args, "--to"), Set: Named(args), Into: Word(args, "--into"), Identity: Word(args, "--identity")),
        "drill" => new PortalCommand(Verb.Drill, Identity: Word(args, "--identity")),
        "export" => new PortalCommand(Verb.Export, To: Word(args, "--to")),
        "import" => new PortalCommand(Verb.Import, Set: Named(args), Into: Word(args, "--into"), Signer: Word(args, "--signer")),
        "verify" => new PortalCommand(Verb.Verify, Set: Named(args), Identity: Word(args, "--identity")),
        _ => new PortalCommand(Verb.Serve),
    };

    private static string? Word(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length && !args[at + 1].StartsWith("--", StringComparison.Ordinal) ? args[at + 1] : null;
    }

    /// <summary>What follows the verb.</summary>
    private static string? Named(string[] args) => args.Length > 1 && !args[1].StartsWith("--", StringComparison.Ordinal) ? args[1] : null;

    private static int? Number(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length && int.TryParse(args[at + 1], CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;
    }
}
