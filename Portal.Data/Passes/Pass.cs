using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Parking;
using Portal.Data.People;

namespace Portal.Data.Passes;

/// <summary>
/// <c>Single</c>: one entry within a week. <c>Recurring</c>: certain weekdays and hours. <c>Event</c>: many names, or a number.
/// <c>Vehicle</c>: a plate. <c>Delivery</c>: a company, no name.
/// </summary>
[StoredByName]
public enum PassKind { Single, Recurring, Event, Vehicle, Delivery }

/// <summary>
/// What a resident gives somebody who may come in. It opens only within <see cref="PassRules"/>; revoked it opens nothing, and takes nobody
/// out. Times are those of the building's wall.
/// </summary>
[Table("passes")]
public sealed class Pass : Updated
{
    private Pass()
    {
    }

    public long Id { get; private set; }

    public PassKind Kind { get; private set; }

    public long HostId { get; private set; }
    public Owner? Host { get; private set; }

    public long? ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    /// <summary>Who comes, or what is celebrated; null for a delivery.</summary>
    [MaxLength(200)]
    public string? Title { get; private set; }

    public VisitorKind VisitorKind { get; private set; }

    [MaxLength(50)]
    public string? Identification { get; private set; }

    [MaxLength(100)]
    public string? Company { get; private set; }

    [MaxLength(20)]
    public string? LicensePlate { get; private set; }

    /// <summary>For comparing, see <see cref="Plates"/>.</summary>
    [WorkedOut, MaxLength(20)]
    public string? LicensePlateKey { get; private set; }

    /// <summary>How many come with it; of an event with a code of its own, how many come without a name.</summary>
    public int People { get; private set; } = 1;

    [Column(TypeName = "datetime")]
    public DateTime StartsAt { get; private set; }

    [Column(TypeName = "datetime")]
    public DateTime EndsAt { get; private set; }

    /// <summary>Of a recurring one: bit 0 is Monday.</summary>
    public byte? Weekdays { get; private set; }

    [Column(TypeName = "time")]
    public TimeOnly? FromTime { get; private set; }

    /// <summary>Not after <see cref="FromTime"/>: of the next day.</summary>
    [Column(TypeName = "time")]
    public TimeOnly? UntilTime { get; private set; }

    /// <summary>Of a recurring one: it opens on public holidays, too.</summary>
    public bool Holidays { get; private set; } = true;

    /// <summary>Since when (UTC) it does not open for a while.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? PausedAt { get; private set; }

    /// <summary>Of an event: how many may be in it at once; more are let in on the host's word.</summary>
    public int? Capacity { get; private set; }

    public long? ReservationId { get; private set; }
    public Reservation? Reservation { get; private set; }

    /// <summary>Of a delivery: it may be left at the gate.</summary>
    public bool LeaveAtGate { get; private set; }

    /// <summary>Six digits to say; null for an event of names alone, whose guests have their own.</summary>
    [Secret, Column(TypeName = "char(6)")]
    public string? Code { get; private set; }

    /// <summary>128 bits in hexadecimal: the address <c>/p/…</c> and its QR.</summary>
    [Secret, Column(TypeName = "char(32)")]
    public string Token { get; private set; } = "";

    [Column(TypeName = "datetime")]
    public DateTime? RevokedAt { get; private set; }

    public List<PassGuest> Guests { get; private set; } = [];

    /// <summary>One entry of one party; its announced visit stands in <c>visitors</c>.</summary>
    public static Pass Single(long host, Announcement visit, string code, string token) => new()
    {
        Kind = PassKind.Single,
        HostId = host,
        ApartmentId = visit.ApartmentId,
        Title = visit.Name.Trim(),
        VisitorKind = visit.Kind,
        Identification = visit.Identification.TrimToNull(),
        Company = visit.Company.TrimToNull(),
        LicensePlate = Plates.Tidy(visit.Plate),
        People = visit.People,
        StartsAt = visit.From,
        EndsAt = visit.Until,
        Code = code,
        Token = token,
    };

    /// <summary>The same person on certain weekdays, one at a time.</summary>
    public static Pass Recurring(long host, NewRecurring input, string code, string token)
    {
        var first = input.FirstDay.ToDateTime(input.From);
        return new Pass
        {
            Kind = PassKind.Recurring,
            HostId = host,
            ApartmentId = input.ApartmentId,
            Title = input.Name.Trim(),
            VisitorKind = input.Kind,
            Identification = input.Identification.TrimToNull(),
            LicensePlate = Plates.Tidy(input.Plate),
            StartsAt = first,
            EndsAt = PassRules.EndOf(input.LastDay, input.From, input.Until),
            Weekdays = input.Weekdays,
            FromTime = input.From,
            UntilTime = input.Until,
            Holidays = input.Holidays,
            Code = code,
            Token = token,
        };
    }

    /// <summary>Many people to one thing. Its names are added with <see cref="Invite"/>.</summary>
    /// <param name="code">Null where everybody is named.</param>
    public static Pass Event(long host, NewEvent input, int capacity, string? code, string token) => new()
    {
        Kind = PassKind.Event,
        HostId = host,
        ApartmentId = input.ApartmentId,
        Title = input.Title.Trim(),
        StartsAt = input.From,
        EndsAt = input.Until,
        People = Math.Max(1, input.Unnamed),
        Capacity = capacity,
        ReservationId = input.ReservationId,
        Code = code,
        Token = token,
    };

    /// <summary>A plate that may come in, whoever drives.</summary>
    public static Pass Vehicle(long host, NewVehicle input, string code, string token) => new()
    {
        Kind = PassKind.Vehicle,
        HostId = host,
        ApartmentId = input.ApartmentId,
        Title = input.Name.TrimToNull(),
        LicensePlate = Plates.Tidy(input.Plate),
        StartsAt = input.From,
        EndsAt = input.Until,
        Code = code,
        Token = token,
    };

    /// <summary>Somebody of a company, once; nobody knows yet who.</summary>
    public static Pass Delivery(long host, NewDelivery input, string code, string token) => new()
    {
        Kind = PassKind.Delivery,
        HostId = host,
        ApartmentId = input.ApartmentId,
        VisitorKind = VisitorKind.Delivery,
        Company = input.Company.Trim(),
        LeaveAtGate = input.LeaveAtGate,
        StartsAt = input.From,
        EndsAt = input.Until,
        Code = code,
        Token = token,
    };

    /// <summary>Another name of an event. Its capacity grows with its names unless a booked place sets it.</summary>
    public PassGuest Invite(GuestLine guest, string code, string token)
    {
        var invited = PassGuest.Of(guest, code, token);
        Guests.Add(invited);
        return invited;
    }

    /// <summary>Makes room for so many people, where no booked place says how many there is.</summary>
    public void MakeRoom(int people)
    {
        if (ReservationId is null && Capacity < people) Capacity = people;
    }

    /// <summary>It opens nothing from now on.</summary>
    public Result Revoke(DateTime now)
    {
        if (RevokedAt is { } since) return new Error("pass.revoked", null, since);
        if (EndsAt < now) return new Error("pass.over", null, EndsAt);
        RevokedAt = now;
        return Result.Done;
    }

    /// <summary>A recurring or vehicle's pass does not open until <see cref="Resume"/>.</summary>
    public Result Pause(DateTime utcNow, DateTime now)
    {
        if (Kind is not (PassKind.Recurring or PassKind.Vehicle)) return new Error("pass.pause_kind");
        if (RevokedAt is { } since) return new Error("pass.revoked", null, since);
        if (EndsAt < now) return new Error("pass.over", null, EndsAt);
        PausedAt ??= utcNow;
        return Result.Done;
    }

    public Result Resume(DateTime now)
    {
        if (RevokedAt is { } since) return new Error("pass.revoked", null, since);
        if (EndsAt < now) return new Error("pass.over", null, EndsAt);
        PausedAt = null;
        return Result.Done;
    }
}
