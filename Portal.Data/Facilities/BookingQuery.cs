using System.Data.Common;
using System.Globalization;
using Portal.Data.Facilities.Rules;

namespace Portal.Data.Facilities;

/// <summary>
/// The questions behind <see cref="BookingData"/>, as parts of one batch. Written in SQL because they go together; the indexes they live by
/// are those of migrations 0004 and 0012.
/// </summary>
internal sealed class BookingQuery(IReadOnlyList<long> facilities, BookingScope scope, DateOnly from, DateOnly to, BuildingClock clock)
{
    /// <summary><see cref="BookingData.Standing"/>, in SQL.</summary>
    private static readonly string Counting = string.Join(
        ", ",
        BookingData.Counting.Select(s => ((int)s).ToString(CultureInfo.InvariantCulture))
    );

    private readonly List<(long Facility, Taken Taken)> _taken = [];
    private readonly List<(long Facility, Closure Closure)> _closures = [];
    private readonly List<(long Facility, long Apartment, Waiting Waiting)> _waiting = [];
    private readonly List<Used> _used = [];
    private (decimal Owed, DateOnly Since)? _arrears;
    private HoldsAnother? _holding;

    private static readonly SqlText Late = new(Payments.Overdue.SqlBefore);

    private static readonly SqlText Stands = new(
        $"(r.status_id IN ({Counting}) OR (r.status_id = {(int)ReservationState.Held} AND r.hold_until > "
    );

    private readonly long _except = scope.Except ?? 0;
    private readonly DateTime _utcNow = clock.UtcNow;

    /// <summary>What is taken, closed or waited for.</summary>
    public BookingQuery AskPlaces(SqlBatch batch)
    {
        // A day more on both sides: buffers and bookings reach over midnight.
        var (first, last) = (from.AddDays(-1).ToDateTime(TimeOnly.MinValue), to.AddDays(2).ToDateTime(TimeOnly.MinValue));
        var earliest = first.AddDays(-BookingData.LongestDays);
        batch.Select(
            $"""
            SELECT r.facility_id, r.start_date, r.end_date, r.people, r.id FROM reservations AS r
            WHERE r.facility_id IN ({facilities}) AND r.start_date >= {earliest} AND r.start_date < {last} AND r.end_date > {first} AND r.id <> {_except} AND {Stands}{_utcNow}))
            """,
            row => _taken.Add((row.GetInt64(0), new Taken(row.GetDateTime(1), row.GetDateTime(2), row.GetInt32(3), row.GetInt64(4)))));
        batch.Select(
            $"SELECT facility_id, start_date, end_date, reason FROM facility_blackouts WHERE facility_id IN ({facilities}) AND start_date < {last} AND end_date > {first}",
            row => _closures.Add((row.GetInt64(0), new Closure(row.GetDateTime(1), row.GetDateTime(2), row.GetString(3)))));
        batch.Select(
            $"""
            SELECT facility_id, apartment_id, start_date, end_date, people, id FROM reservation_waits
            WHERE facility_id IN ({facilities}) AND state = 'waiting' AND start_date >= {first} AND start_date < {last}
            """,
            row =>
                _waiting.Add(
                    (
                        row.GetInt64(0), row.GetInt64(1),
                        new Waiting(row.GetDateTime(2), row.GetDateTime(3), row.GetInt32(4), row.GetInt64(5)))
                )
        );
        return this;
    }

    /// <summary>What the apartment and the person have already, as far as a rule of the facilities looks at it.</summary>
    public BookingQuery AskPerson(SqlBatch batch, IReadOnlyCollection<Facility> rules)
    {
        if (scope.ApartmentId is not { } apartment || rules.Count == 0) return this;
        if (rules.Any(f => f.Quotas.Count > 0 || f.OpenLimit is not null)) AskUsed(batch, apartment, rules.First());
        if (rules.Any(f => f.Quotas.Exists(q => q.Subject == QuotaSubject.Person)) && scope.OwnerId is { } owner)
            AskUsedElsewhere(batch, apartment, owner, rules.First());
        if (scope.Debtors)
        {
            batch.Select(
                $"SELECT SUM(c.owed), MIN(c.due_on) FROM charges AS c WHERE c.apartment_id = {apartment} AND {Late}{clock.Today}",
                row => _arrears = row.IsDBNull(0) ? null : (row.GetDecimal(0), DateOnly.FromDateTime(row.GetDateTime(1))));
        }

        if (!scope.ToHold) return this;
        batch.Select(
            $"""
            SELECT f.name, r.start_date, r.end_date FROM reservations AS r JOIN facilities AS f ON f.id = r.facility_id
            WHERE r.apartment_id = {apartment} AND r.status_id = {(int)
                ReservationState.Held} AND r.hold_until > {_utcNow} AND r.id <> {_except} ORDER BY r.id LIMIT 1
            """,
            row => _holding = new HoldsAnother(row.GetString(0), row.GetDateTime(1), row.GetDateTime(2)));
        return this;
    }

    /// <summary>
    /// The bookings of the kind that quotas count: of whole months, and all that are still ahead. A facility without a kind is a kind of
    /// its own. The kind of a booking is the
    /// facility's of today: moving a facility to another kind moves its bookings, and trying that out counts them already.
    /// </summary>
    private void AskUsed(SqlBatch batch, long apartment, Facility wanted) =>
        batch.Select(
            $"""
            SELECT r.start_date, TRUE, r.owner_id = {scope.OwnerId
                ?? 0} FROM reservations AS r JOIN facilities AS f ON f.id = r.facility_id AND (f.id = {wanted.Id} OR f.reservation_type_id = {wanted.ReservationTypeId})
            WHERE r.apartment_id = {apartment} AND r.start_date >= {CountedFrom} AND r.id <> {_except} AND {Stands}{_utcNow}))
            """,
            Count);

    private void AskUsedElsewhere(SqlBatch batch, long apartment, long owner, Facility wanted) =>
        batch.Select(
            $"""
            SELECT r.start_date, FALSE, TRUE FROM reservations AS r JOIN facilities AS f ON f.id = r.facility_id AND (f.id = {wanted.Id} OR f.reservation_type_id = {wanted.ReservationTypeId})
            WHERE r.owner_id = {owner} AND r.start_date >= {CountedFrom} AND r.apartment_id <> {apartment} AND r.id <> {_except} AND {Stands}{_utcNow}))
            """,
            Count);

    private DateTime CountedFrom => Period.Of(QuotaPeriod.Month, from).From.AddDays(-7).ToDateTime(TimeOnly.MinValue);

    public BookingData Answer()
    {
        // Who waits and comes before the person asked for.
        var place =
            scope.WaitId
            ?? _waiting.Where(w => w.Apartment == scope.ApartmentId).Select(w => w.Waiting.Id).DefaultIfEmpty(long.MaxValue).Min();
        return new BookingData(
            _taken.ToLookup(t => t.Facility, t => t.Taken), _closures.ToLookup(c => c.Facility, c => c.Closure),
            _waiting.Where(w => w.Apartment != scope.ApartmentId && w.Waiting.Id < place).ToLookup(w => w.Facility, w => w.Waiting), _used)
        {
            Arrears = _arrears is { } owing ? new InArrears(owing.Owed, owing.Since) : null,
            Holding = _holding,
        };
    }

    private void Count(DbDataReader row) =>
        _used.Add(
            new Used(
                row.GetDateTime(0), Convert.ToBoolean(row.GetValue(1), CultureInfo.InvariantCulture),
                Convert.ToBoolean(row.GetValue(2), CultureInfo.InvariantCulture))
        );
}

/// <summary>A facility with its hours and quotas, as parts of a batch.</summary>
internal sealed class BookingFacility
{
    public Facility? Facility { get; private set; }

    /// <summary>The digest of its photo, where that was asked for.</summary>
    public string? Photo { get; private set; }

    /// <summary>Adds what no rule needs, after <see cref="Ask"/>: what it is, and its picture.</summary>
    public BookingFacility AskLook(SqlBatch batch, long id)
    {
        batch.Select(
            $"""
            SELECT f.description, t.id, t.name, p.digest FROM facilities AS f
            LEFT JOIN reservation_types AS t ON t.id = f.reservation_type_id LEFT JOIN facility_photos AS p ON p.facility_id = f.id
            WHERE f.id = {id}
            """,
            row =>
            {
                Facility!.Description = row.IsDBNull(0) ? null : row.GetString(0);
                if (!row.IsDBNull(1)) Facility.ReservationType = new ReservationType { Id = row.GetInt32(1), Name = row.GetString(2) };
                Photo = row.IsDBNull(3) ? null : row.GetString(3);
            });
        return this;
    }

    /// <summary>Adds the questions. They must come after the facility's row was locked, or nothing keeps the answer true.</summary>
    public static BookingFacility Ask(SqlBatch batch, long id)
    {
        var asked = new BookingFacility();
        batch.Select(
            $"""
            SELECT id, name, status, capacity, shared, approval_required, slot_minutes, min_minutes, max_minutes, buffer_minutes, min_notice_minutes, max_advance_days, change_notice_minutes,
                cancel_notice_minutes, cancel_charge_percent, hourly_rate, deposit, open_limit, pay_first, check_in, terms, reservation_type_id
            FROM facilities WHERE id = {id}
            """,
            row => asked.Facility = Read(row));
        batch.Select(
            $"SELECT weekday, opens_at, closes_at FROM facility_hours WHERE facility_id = {id}",
            row =>
                asked.Facility!.Hours.Add(
                    new FacilityHours
                    {
                        Weekday = row.GetInt32(0),
                        OpensAt = TimeOnly.FromTimeSpan(row.GetFieldValue<TimeSpan>(1)),
                        ClosesAt = TimeOnly.FromTimeSpan(row.GetFieldValue<TimeSpan>(2)),
                    }
                )
        );
        batch.Select(
            $"SELECT subject, period, most FROM facility_quotas WHERE facility_id = {id}",
            row =>
                asked.Facility!.Quotas.Add(
                    new FacilityQuota
                    {
                        Subject = Enum.Parse<QuotaSubject>(row.GetString(0), ignoreCase: true),
                        Period = Enum.Parse<QuotaPeriod>(row.GetString(1), ignoreCase: true),
                        Most = row.GetInt32(2),
                    }
                )
        );
        return asked;
    }

    private static Facility Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Name = row.GetString(1),
        Status = row.IsDBNull(2) ? null : Enum.Parse<FacilityState>(row.GetString(2), ignoreCase: true),
        Capacity = Number(row, 3),
        Shared = Truth(row, 4),
        ApprovalRequired = Truth(row, 5),
        SlotMinutes = row.GetInt32(6),
        MinMinutes = row.GetInt32(7),
        MaxMinutes = row.GetInt32(8),
        BufferMinutes = row.GetInt32(9),
        MinNoticeMinutes = row.GetInt32(10),
        MaxAdvanceDays = row.GetInt32(11),
        ChangeNoticeMinutes = row.GetInt32(12),
        CancelNoticeMinutes = row.GetInt32(13),
        CancelChargePercent = row.GetInt32(14),
        HourlyRate = row.IsDBNull(15) ? null : row.GetDecimal(15),
        Deposit = row.GetDecimal(16),
        OpenLimit = Number(row, 17),
        PayFirst = Truth(row, 18),
        CheckIn = Truth(row, 19),
        Terms = row.IsDBNull(20) ? null : row.GetString(20),
        ReservationTypeId = Number(row, 21),
    };

    private static int? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static bool Truth(DbDataReader row, int column) => Convert.ToBoolean(row.GetValue(column), CultureInfo.InvariantCulture);
}
