using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Building;
using Portal.Data.Pqrs;

namespace Portal.Data.Gate;

[StoredByName]
public enum IncidentKind { Theft, Damage, Intrusion, Fight, Noise, Accident, Fire, Water, Vehicle, Other }

[StoredByName]
public enum IncidentEntryKind
{
    /// <summary>Somebody had more to say of it.</summary>
    Added,
    Closed,
    Reopened,

    /// <summary>A case was made of it; its number is the text.</summary>
    Filed,

    /// <summary>A visit was named as part of it.</summary>
    Visit,
}

/// <summary>What a guard tells of an incident.</summary>
/// <param name="People">Who was there, in their words.</param>
/// <param name="Photos">How many follow.</param>
internal sealed record IncidentReport(
    IncidentKind Kind, DateTime Happened, DateTime Reported, string Place, string Text, string? People, long? Apartment, int Photos);

/// <summary>
/// What happened at the gate or was seen from it. It only grows: what was written stands, and what there is to say later is an entry. Times
/// are the building's wall clock.
/// </summary>
[Table("gate_incidents")]
public sealed class GateIncident : Stamped
{
    /// <summary>Of its number: <c>I-2026-000012</c>.</summary>
    public const string Series = "I";

    private GateIncident()
    {
    }

    public long Id { get; private set; }

    [MaxLength(20)]
    public string Number { get; private set; } = "";

    /// <summary>The event of the terminal by which it was told.</summary>
    [MaxLength(36), Column(TypeName = "char(36)")]
    public string ClientKey { get; private set; } = "";

    public IncidentKind Kind { get; private set; }

    [Column(TypeName = "datetime")]
    public DateTime HappenedAt { get; private set; }

    [Column(TypeName = "datetime")]
    public DateTime ReportedAt { get; private set; }

    [MaxLength(200)]
    public string Place { get; private set; } = "";

    [Column(TypeName = "text")]
    public string Text { get; private set; } = "";

    [MaxLength(500)]
    public string? People { get; private set; }

    public long? ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    public long? TerminalId { get; private set; }
    public GateTerminal? Terminal { get; private set; }

    public long ReportedBy { get; private set; }

    /// <summary>Told later, by a terminal without a line.</summary>
    public bool Offline { get; private set; }

    /// <summary>The terminal's clock could not be right.</summary>
    public bool TimeDoubt { get; private set; }

    /// <summary>How many the terminal has of it; they arrive after it.</summary>
    public int Photos { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ClosedAt { get; private set; }

    public long? PqrsId { get; private set; }
    public PqrsCase? Pqrs { get; private set; }

    internal static GateIncident Of(string number, string key, IncidentReport told, long? terminal, long guard, bool offline, bool doubt) =>
        new()
        {
            Number = number, ClientKey = key, Kind = told.Kind, HappenedAt = told.Happened, ReportedAt = told.Reported, Place = told.Place,
            Text = told.Text, People = told.People, ApartmentId = told.Apartment, TerminalId = terminal, ReportedBy = guard,
            Offline = offline, TimeDoubt = doubt, Photos = told.Photos,
        };

    /// <returns>Refusal: <c>stale</c> where it is closed already.</returns>
    internal Result Close(DateTime now)
    {
        if (ClosedAt is not null) return Error.Stale;
        ClosedAt = now;
        return Result.Done;
    }

    /// <returns>Refusal: <c>stale</c> where it is open.</returns>
    internal Result Reopen()
    {
        if (ClosedAt is null) return Error.Stale;
        ClosedAt = null;
        return Result.Done;
    }

    /// <returns>Refusal: <c>incident.filed</c>: one case is made of it.</returns>
    internal Result FileAs(long pqrs)
    {
        if (PqrsId is not null) return new Error("incident.filed");
        PqrsId = pqrs;
        return Result.Done;
    }
}

/// <summary>A line of its history.</summary>
[Table("gate_incident_entries")]
public sealed class GateIncidentEntry : Stamped
{
    public long Id { get; init; }

    public long IncidentId { get; init; }
    public GateIncident? Incident { get; init; }

    public IncidentEntryKind Kind { get; init; }

    [Column(TypeName = "text")]
    public string? Text { get; init; }

    public long? ById { get; init; }

    /// <summary>The building's wall clock.</summary>
    [Column(TypeName = "datetime")]
    public DateTime At { get; init; }
}

/// <summary>A visit that an incident is about: kept as long as it is open.</summary>
[Table("gate_incident_visits")]
public sealed class GateIncidentVisit : Stamped
{
    public long Id { get; init; }

    public long IncidentId { get; init; }
    public GateIncident? Incident { get; init; }

    public long VisitorId { get; init; }
    public Visitor? Visitor { get; init; }
}

/// <summary>A photo of an incident, drawn anew: without place or camera.</summary>
[Table("gate_incident_photos")]
public sealed class GateIncidentPhoto : Stamped
{
    public long Id { get; init; }

    public long IncidentId { get; init; }
    public GateIncident? Incident { get; init; }

    [MaxLength(36), Column(TypeName = "char(36)")]
    public string ClientKey { get; init; } = "";

    [MaxLength(100)]
    public string ContentType { get; init; } = "";

    /// <summary>In bytes.</summary>
    public int Size { get; init; }

    [Secret, Column(TypeName = "mediumblob")]
    public byte[] Content { get; init; } = [];

    /// <summary>WebP, for the page.</summary>
    [Secret, Column(TypeName = "mediumblob")]
    public byte[] Small { get; init; } = [];

    public long? TakenBy { get; init; }
}

internal sealed class GateIncidentsTable : IEntityTypeConfiguration<GateIncident>
{
    public void Configure(EntityTypeBuilder<GateIncident> table)
    {
        table.HasIndex(i => i.Number).IsUnique().HasDatabaseName("uq_gate_incidents_number");
        table.HasIndex(i => i.ClientKey).IsUnique().HasDatabaseName("uq_gate_incidents_client_key");
        table.HasIndex(i => i.HappenedAt);
        table.HasIndex(i => i.ClosedAt);
    }
}

internal sealed class GateIncidentVisitsTable : IEntityTypeConfiguration<GateIncidentVisit>
{
    public void Configure(EntityTypeBuilder<GateIncidentVisit> table) =>
        table.HasIndex(v => new { v.IncidentId, v.VisitorId }).IsUnique().HasDatabaseName("uq_gate_incident_visits_incident");
}

internal sealed class GateIncidentPhotosTable : IEntityTypeConfiguration<GateIncidentPhoto>
{
    public void Configure(EntityTypeBuilder<GateIncidentPhoto> table) =>
        table.HasIndex(p => p.ClientKey).IsUnique().HasDatabaseName("uq_gate_incident_photos_client_key");
}
