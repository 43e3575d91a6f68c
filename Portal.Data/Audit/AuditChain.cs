using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Access;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Audit;

/// <summary>Seals the days of the log that are over, and looks whether those that were sealed are as they were.</summary>
public sealed class AuditChain([FromKeyedServices(PortalDataServices.Keeper)] PortalStore store, BuildingClock clock)
{
    /// <summary>What the log says where the seals do not hold.</summary>
    internal const string Event = "audit_proof_failed";

    /// <summary>And where they do.</summary>
    internal const string Checked = "audit_checked";

    /// <summary>What the bell says of it.</summary>
    public const string Alarm = "urgent.audit_changed";

    /// <summary>The night looks back so far; on Sundays over all.</summary>
    internal const int NightlyDays = 40;

    /// <summary>Seals each day that is over and has lines, a transaction for each: an old log is caught up with.</summary>
    /// <returns>How many were sealed.</returns>
    internal async Task<int> SealAsync(CancellationToken ct)
    {
        for (var sealedDays = 0;; sealedDays++)
        {
            var done = await store.WriteAsync<bool>(
                CurrentUser.System,
                async (db, token) =>
                {
                    var last = await db.AuditSeals.OrderByDescending(s => s.Day).Take(1).ForUpdate().SingleOrDefaultAsync(token);
                    if (await AuditDay.FirstAsync(db, last?.Day.AddDays(1) ?? new DateOnly(1971, 1, 1), token) is not { } day
                        || await AuditDay.ReadAsync(db, day, token) is not { } lines)
                        return false;
                    db.AuditSeals.Add(AuditSeal.Of(lines, last?.Head, clock.UtcNow));
                    return true;
                },
                ct);
            if (!done.Ok) throw new InvalidOperationException($"The audit log could not be sealed: {done.Error!.Code}.");
            if (!done.Value) return sealedDays;
        }
    }

    /// <summary>Looks at the seals and at the lines of their days; keeps what it found and tells who reads the log where it is not good.
    /// </summary>
    /// <param name="since">The first day whose lines are looked at; null: all. The chain of the seals is always looked at whole.</param>
    internal async Task<AuditFinding> CheckAsync(DateOnly? since, CancellationToken ct)
    {
        AuditFinding finding;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct)) finding = await LookAsync(db, since, ct);
        var done = await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                var check = await db.AuditChecks.ForUpdate().SingleAsync(token);
                check.Note(finding, clock.UtcNow);
                if (finding.Faults.Count == 0)
                {
                    await db.WriteEventAsync(Checked, "audit_log", null, new { finding.Days, lines = finding.Records }, token);
                    return Result.Done;
                }

                var (day, fault) = finding.Faults[0];
                await db.WriteEventAsync(Event, "audit_log", null, new { days = finding.Faults.Count, first = day, fault = $"{fault}" }, token);
                var people = await db.UsersWith(Permissions.AuditView).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync(token);
                await new NotificationDraft(Alarm, RecipientType.User, Alarm, $"{day:yyyy-MM-dd}", "/audit", [new(Day: day)])
                    .AddAsync(db, people, token, $"audit:{day:yyyy-MM-dd}:{fault}");
                return Result.Done;
            },
            ct);
        if (!done.Ok) throw new InvalidOperationException($"What was found in the audit log could not be kept: {done.Error!.Code}.");
        return finding;
    }

    private async Task<AuditFinding> LookAsync(PortalDb db, DateOnly? since, CancellationToken ct)
    {
        var seals = await db.AuditSeals.AsNoTracking().OrderBy(s => s.Day).ToListAsync(ct);
        var from = since ?? DateOnly.MinValue;
        var youngestDeleted = clock.Today.AddYears(-BuildingSettings.LeastAuditYears);
        List<(DateOnly, AuditFault)> faults = [];
        var (days, records) = (0, 0L);
        string? before = null;
        foreach (var seal in seals)
        {
            if (seal.Head != seal.Expected(before)) faults.Add((seal.Day, AuditFault.Chain));
            before = seal.Head;
            if (seal.DeletedAt is not null)
            {
                if (seal.Day > youngestDeleted) faults.Add((seal.Day, AuditFault.Deleted));
                continue;
            }

            if (seal.Day < from) continue;
            var lines = await AuditDay.ReadAsync(db, seal.Day, ct);
            days++;
            records += lines?.Records ?? 0;
            if (Compare(seal, lines) is { } fault) faults.Add((seal.Day, fault));
        }

        if (seals.Count > 0)
        {
            // What is being deleted goes in pieces, beside this.
            var lately = clock.UtcNow.AddDays(-2);
            var known = seals.Where(s => s.DeletedAt is null || s.DeletedAt > lately).Select(s => s.Day).ToHashSet();
            var first = from > seals[0].Day ? from : seals[0].Day;
            var strangers = since is null ? new DateOnly(1971, 1, 1) : first;
            foreach (var day in await AuditDay.AllAsync(db, strangers, seals[^1].Day, ct))
            {
                if (!known.Contains(day)) faults.Add((day, AuditFault.Unsealed));
            }
        }

        return new AuditFinding(since, days, records, [.. faults.OrderBy(f => f.Item1)]);
    }

    private static AuditFault? Compare(AuditSeal seal, AuditDay? lines) =>
        (lines?.Records ?? 0) < seal.RecordCount ? AuditFault.Missing
        : lines!.Records > seal.RecordCount ? AuditFault.Added
        : lines.Digest != seal.Digest ? AuditFault.Changed
        : null;
}

/// <summary>Each night, after the archive has moved what is old: seals what is over and looks at what was sealed.</summary>
public sealed class AuditSealJob(AuditChain chain) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("audit_seal");

    public static readonly TimeOnly At = new(3, 10);

    public override JobLane Lane => JobLane.Long;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        await chain.SealAsync(ct);
        await chain.CheckAsync(day.DayOfWeek == DayOfWeek.Sunday ? null : day.AddDays(-AuditChain.NightlyDays), ct);
    }
}

/// <summary>Somebody wants to know now, of all days.</summary>
public sealed class AuditCheckJob(AuditChain chain) : JobHandler<AuditCheckAsked>(JobKind)
{
    public static readonly JobKind<AuditCheckAsked> JobKind = new("audit_check");

    public override int MostAttempts => 3;

    public override JobLane Lane => JobLane.Long;

    public override async Task RunAsync(AuditCheckAsked asked, CancellationToken ct)
    {
        await chain.SealAsync(ct);
        await chain.CheckAsync(null, ct);
    }
}

/// <param name="By">The account.</param>
public sealed record AuditCheckAsked(long? By);
