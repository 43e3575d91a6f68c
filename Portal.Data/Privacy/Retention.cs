using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Audit;
using Portal.Data.Operations;

namespace Portal.Data.Privacy;

/// <summary>What goes by itself when its days are over. The words are <c>retention.*</c> of the screens.</summary>
public enum RetentionRule
{
    /// <summary>Visits and all that names a visitor (<see cref="Gate.VisitorRetention"/>).</summary>
    Visits,

    /// <summary>Network addresses in the audit log and its archive; the lines stay.</summary>
    Addresses,

    /// <summary>Sessions, counted from when they were last used.</summary>
    Sessions,

    /// <summary>Failed sign-ins.</summary>
    Failures,

    /// <summary>Codes for invitations and new passwords that have run out.</summary>
    Codes,

    /// <summary>Bells that were read.</summary>
    Notifications,

    /// <summary>Jobs that are done.</summary>
    Jobs,
}

/// <summary>The last run of a rule.</summary>
[Table("retention_runs"), NotAudited]
public sealed class RetentionRun
{
    public int Id { get; private set; }

    [MaxLength(30)]
    public string Rule { get; private set; } = "";

    public DateOnly Day { get; private set; }

    public long RowCount { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime RanAt { get; private set; }

    /// <summary>See <see cref="RetentionRule.Addresses"/>: before this moment none is left.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? ReachedAt { get; private set; }
}

/// <summary>How long, and which rows.</summary>
/// <param name="Table">What is counted as held.</param>
/// <param name="Days">Of the settings; null: always one day.</param>
/// <param name="With">The settings with other days.</param>
/// <param name="Past">Its rows that go: <c>x</c> is the table, <c>@before</c> the moment, <c>@now</c> this one. Null: it is done otherwise.
/// </param>
/// <param name="Logged">What the audit log says of the rows goes with them.</param>
internal sealed record RetentionTerm(
    RetentionRule Rule, string Table, Func<BuildingSettings, int>? Days, Func<BuildingSettings, int, BuildingSettings>? With, int Least,
    int Most, string? Past, bool Logged = false)
{
    public int Of(BuildingSettings settings) => Days?.Invoke(settings) ?? 1;

    public static readonly IReadOnlyList<RetentionTerm> All =
    [
        new(
            RetentionRule.Visits, "visitors", s => s.VisitorRetentionDays, (s, days) => s with { VisitorRetentionDays = days }, 1, 3650,
            null),
        new(
            RetentionRule.Addresses, "audit_log", s => s.AddressRetentionDays, (s, days) => s with { AddressRetentionDays = days },
            BuildingSettings.LeastAddressDays, BuildingSettings.MostAddressDays, null),
        new(
            RetentionRule.Sessions, "sessions", s => s.SessionRetentionDays, (s, days) => s with { SessionRetentionDays = days },
            BuildingSettings.LeastSessionDays, BuildingSettings.MostSessionDays, "x.seen_at < @before"),
        new(
            RetentionRule.Failures, "sign_in_failures", null, null, 1, 1,
            "x.last_at < @before AND (x.wait_until IS NULL OR x.wait_until < @now)"),
        new(
            RetentionRule.Codes, "account_codes", s => s.CodeRetentionDays, (s, days) => s with { CodeRetentionDays = days },
            BuildingSettings.LeastCodeDays, BuildingSettings.MostCodeDays, "x.expires_at < @before"),
        new(
            RetentionRule.Notifications, "notifications", s => s.NotificationRetentionDays,
            (s, days) => s with { NotificationRetentionDays = days }, BuildingSettings.LeastNotificationDays,
            BuildingSettings.MostNotificationDays, "x.created_at < @before AND x.`read` = 1", Logged: true),
        new(
            RetentionRule.Jobs, "jobs", s => s.JobRetentionDays, (s, days) => s with { JobRetentionDays = days },
            BuildingSettings.LeastJobDays, BuildingSettings.MostJobDays,
            "x.state = 'done' AND x.run_at < @before AND x.finished_at < @before"),
    ];
}

internal sealed class RetentionRunsTable : IEntityTypeConfiguration<RetentionRun>
{
    public void Configure(EntityTypeBuilder<RetentionRun> table) =>
        table.HasIndex(r => r.Rule).IsUnique().HasDatabaseName("uq_retention_runs_rule");
}
