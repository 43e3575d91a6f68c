using System.Globalization;
using Microsoft.Extensions.Configuration;
using Portal.Data.Backups;
using Portal.Data.Packs;

namespace Portal.Hosting;

/// <summary>
/// <c>backup</c>, <c>restore</c>, <c>verify</c>, <c>drill</c>, <c>export</c> and <c>import</c>, for who runs the machine: what was done on the standard output, what is
/// wrong in one sentence on the other, and 0 only where there is no doubt.
/// </summary>
public static class BackupVerbs
{
    public static async Task<int> RunAsync(
        IServiceProvider services, PortalCommand command, PortalDatabase database, TextReader input, TextWriter output, TextWriter errors,
        CancellationToken ct)
    {
        try
        {
            var desk = services.GetRequiredService<BackupDesk>();
            switch (command.Verb)
            {
                case Verb.Backup:
                    await BackupAsync(services.GetRequiredService<BackupWork>(), command, output, ct);
                    break;
                case Verb.Drill:
                    await DrillAsync(services.GetRequiredService<DrillWork>(), command, output, ct);
                    break;
                case Verb.Verify:
                    await VerifyAsync(desk, command, output, ct);
                    break;
                case Verb.Export:
                    await ExportAsync(services.GetRequiredService<PackMaker>(), services.GetRequiredService<PackKey>(), command, output, ct);
                    break;
                case Verb.Import:
                    await ImportAsync(services.GetRequiredService<PackIntake>(), command, database, input, output, ct);
                    break;
                default:
                    await RestoreAsync(desk, command, database, input, output, ct);
                    break;
            }

            return 0;
        }
        catch (Exception refused) when (refused is BackupException or PackException)
        {
            await errors.WriteLineAsync(refused.Message);
            return 1;
        }
    }

    /// <summary>What is missing of a command, before anything is opened; null where it is whole.</summary>
    public static string? Problem(PortalCommand command) => command switch
    {
        { Verb: Verb.Verify or Verb.Restore, Set: null } => $"Which set? {Usage}",
        { Verb: Verb.Export, To: null } => $"Into which folder? {Usage}",
        { Verb: Verb.Import, Set: null } => $"Which pack? {Usage}",
        { Verb: Verb.Restore or Verb.Import, Into: null } => $"Into which database? {Usage}",
        { Verb: Verb.Restore, To: { } to } when ReplayGoal.Parse(to) is null =>
            $"{to} is no moment: 2026-11-30T14:05:00 is one in UTC, 2026-11-30T09:05:00-05:00 the same with its zone. {Usage}",
        _ => null,
    };

    private const string Usage =
        "backup [--to DIR] | verify SET [--identity FILE] | restore SET [--to TIME] --into DB [--identity FILE] (SET: a folder, a name, "
        + "s3:NAME or s3:last) | drill [--identity FILE] "
        + "| export --to DIR | import DIR --into DB [--signer FINGERPRINT]";

    private static async Task BackupAsync(BackupWork work, PortalCommand command, TextWriter output, CancellationToken ct)
    {
        var set = await work.RunAsync(BackupKind.Program, command.To is { } to ? Path.GetFullPath(to) : null, null, ct);
        await output.WriteLineAsync(
            $"Saved: {set.Path} ({Count(set.Manifest.Tables.Count)} tables, {Count(set.Manifest.Rows)} rows, "
                + $"{Count(set.Manifest.Bytes)} bytes{(set.Manifest.Encrypted ? ", encrypted" : "")}).");
    }

    private static async Task VerifyAsync(BackupDesk desk, PortalCommand command, TextWriter output, CancellationToken ct)
    {
        var (set, read) = await desk.VerifyAsync(command.Set!, command.Identity, ct);
        await output.WriteLineAsync(
            $"{set.Name} is whole: {set.Manifest.Files.Count + 1} files as they were written"
                + (read
                    ? $", {Count(set.Manifest.Tables.Count)} tables in its dump."
                    : ". It is encrypted: with --identity FILE its dump is read too."));
    }

    private static async Task RestoreAsync(
        BackupDesk desk, PortalCommand command, PortalDatabase database, TextReader input, TextWriter output, CancellationToken ct)
    {
        var goal = ReplayGoal.Parse(command.To);
        string? told = null;
        var set = await desk.OpenAsync(command.Set!, ct, logs: goal is not null, tell: said => told = said);
        if (told is not null) await output.WriteLineAsync(told);
        await output.WriteAsync(
            $"{set.Name} is {set.Manifest.Database} as of {set.Manifest.StartedAt:yyyy-MM-dd HH:mm:ss} UTC"
                + $"{(goal is null ? "" : $"; all that was saved after it and before {goal.Before:yyyy-MM-dd HH:mm:ss} UTC is replayed")}. "
                + "Type the name of the database to load it into: ");
        var typed = (await input.ReadLineAsync(ct))?.Trim();
        await output.WriteLineAsync();
        if (typed != command.Into) throw new BackupException($"That is not {command.Into}: nothing was changed.");
        var restored = await desk.RestoreAsync(
            set, goal is null ? database.MigratingConnectionString ?? database.ConnectionString : database.RestoreConnectionString, command.Into!, command.Identity, ct, goal);
        await output.WriteLineAsync(
            $"Restored into {command.Into} and compared: {Count(restored.Tables)} tables, {Count(restored.Rows)} rows, "
                + $"all as they were saved ({Seconds(restored.Took)} s).");
        if (restored.ErasedAgain is null or > 0)
        {
            await output.WriteLineAsync(
                restored.ErasedAgain is { } again
                    ? $"Erased again: {Count(again)} people whose data was erased after this set had been made."
                    : "The set is of an older version: whoever was erased after it is erased again when the portal starts on it, before it "
                        + "serves. Do not hand it to anybody before.");
        }

        if (restored.Replayed is not { } replayed) return;
        await output.WriteLineAsync(
            $"Then {Count(replayed.Transactions)} transactions of {replayed.Logs} logs, to {replayed.Last}: all that was committed before "
                + $"{goal!.Before:yyyy-MM-dd HH:mm:ss} UTC. Both programs ended well, and every log was as it had been saved. What they "
                + "changed was compared with nothing, for there is nothing to compare it with: look at it before you use it.");
        await output.WriteLineAsync(
            replayed.Changed.Count == 0
                ? "No table is other than in the set."
                : $"Other than in the set: {string.Join(", ", replayed.Changed)}.");
    }

    private static async Task DrillAsync(DrillWork work, PortalCommand command, TextWriter output, CancellationToken ct)
    {
        var drill = await work.RunAsync(command.Identity, ct);
        await output.WriteLineAsync(
            $"The drill went well: {drill.SetName}{(drill.OwnSet ? " (made for it)" : "")}"
                + $"{(drill.WithLogs ? $" and the binary log to {drill.ReachedAt:yyyy-MM-dd HH:mm:ss} UTC" : "")}, restored on a server of "
                + $"its own: {Count(drill.TableCount)} tables, {Count(drill.RecordCount)} rows, triggers, routines and keys are the same "
                + $"({Seconds(drill.FinishedAt - drill.StartedAt)} s).");
    }

    private static async Task ExportAsync(
        PackMaker maker, PackKey key, PortalCommand command, TextWriter output, CancellationToken ct)
    {
        var (folder, manifest) = await maker.MakeAsync(command.To!, ct);
        await output.WriteLineAsync(
            $"Packed: {folder} ({Count(manifest.Tables.Count)} tables, {Count(manifest.Rows)} rows, {Count(manifest.Files.Count)} files, "
                + $"{Count(manifest.Files.Sum(f => f.Bytes))} bytes). The books {(manifest.BooksAgree ? "agree" : "do not agree: look at Ledger, Proof, before you hand it over")}.");
        await output.WriteLineAsync($"Signed by {key.Fingerprint}: read this out to who takes it in.");
    }

    private static async Task ImportAsync(
        PackIntake intake, PortalCommand command, PortalDatabase database, TextReader input, TextWriter output, CancellationToken ct)
    {
        var (manifest, signer) = await PackIntake.VerifyAsync(command.Set!, ct);
        if (command.Signer is { } expected && !string.Equals(expected.Trim(), signer, StringComparison.OrdinalIgnoreCase))
            throw new PackException($"The pack is signed by {signer}, and not by {expected}: nothing was taken in.");
        await output.WriteAsync(
            $"{manifest.Building} as of {manifest.MadeAt:yyyy-MM-dd HH:mm:ss} UTC, whole, signed by {signer}"
                + $"{(command.Signer is null ? ": go on only if that is what was read out to you" : "")}. "
                + "Type the name of the database to take it into: ");
        var typed = (await input.ReadLineAsync(ct))?.Trim();
        await output.WriteLineAsync();
        if (typed != command.Into) throw new PackException($"That is not {command.Into}: nothing was changed.");
        var into = new MySqlConnector.MySqlConnectionStringBuilder(database.MigratingConnectionString ?? database.ConnectionString)
        {
            Database = command.Into!,
        };
        var taken = await intake.IntoAsync(command.Set!, manifest, into.ConnectionString, ct);
        await output.WriteLineAsync(
            $"Taken into {command.Into} and compared: {Count(taken.Tables)} tables, {Count(taken.Rows)} rows, all as they were packed; the books "
                + $"come out the same{(taken.BooksAgree ? " and agree" : ", and did not agree before either")}."
                + $"{(taken.Applied.Count > 0 ? $" Then brought to this version: {Count(taken.Applied.Count)} migrations." : "")}");
    }

    private static string Seconds(TimeSpan took) => took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

public static class BackupSetting
{
    /// <summary>
    /// The section <c>Backup</c>. In Development sets of the private server lie in its data folder unless another is named; the client
    /// programs beside the private server's own are taken first.
    /// </summary>
    public static BackupOptions Backups(this IConfiguration configuration, IHostEnvironment environment)
    {
        var options = configuration.GetSection("Backup").Get<BackupOptions>() ?? new BackupOptions();
        var own = string.IsNullOrWhiteSpace(configuration.GetConnectionString("Portal"));
        if (!options.On && own && environment.IsDevelopment())
        {
            var data = PortalDatabase.FolderFrom(configuration["Database:Folder"] ?? ".data");
            options = options with { Folder = Path.Combine(data, "backups") };
        }

        if (options.On) options = options with { Folder = PortalDatabase.FolderFrom(options.Folder!) };
        if (options.OffSite.Folder is { Length: > 0 } away)
            options = options with { OffSite = options.OffSite with { Folder = PortalDatabase.FolderFrom(away) } };
        if (!string.IsNullOrWhiteSpace(options.Programs)
            || Path.GetDirectoryName(configuration["Database:Binary"]) is not { Length: > 0 } beside)
            return options;
        return File.Exists(Path.Combine(beside, "mysqldump")) || File.Exists(Path.Combine(beside, "mariadb-dump"))
            ? options with { Programs = beside }
            : options;
    }
}
