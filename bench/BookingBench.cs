using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Facilities;

namespace Portal.Bench;

/// <summary>A booking through the service against the same done by hand: lock, look, insert, audit, commit.</summary>
internal static class BookingBench
{
    private static int _slot;

    public static async Task RunAsync(TestBed bed)
    {
        var (ours, theirs, apartment, owner) = await FacilitiesAsync(bed);
        var resident = CurrentUser.Nobody with
        {
            Permissions = new HashSet<string> { Permissions.ReservationsBookOwn },
            OwnerIds = [owner],
            ApartmentIds = [apartment],
        };
        using var scope = bed.Services.CreateScope();
        var service = scope.ServiceProvider.GetRequiredService<ReservationService>();
        await Measure.CompareAsync(
            "booking: lock, re-check, insert, audit", 60, () => BookAsync(bed, service, ours, resident),
            () => RawBookAsync(bed, theirs, apartment, owner));
    }

    /// <summary>Two alike, open day and night, bookable for decades: every round finds a free hour.</summary>
    private static async Task<(long Ours, long Theirs, long Apartment, long Owner)> FacilitiesAsync(TestBed bed)
    {
        await using var db = await bed.Store.OpenAsync(CurrentUser.System, CancellationToken.None);
        var made = Enumerable
            .Range(1, 2)
            .Select(i => new Facility
            {
                Name = $"Bench {i}",
                SlotMinutes = 60,
                MinMinutes = 60,
                MaxMinutes = 60,
                MaxAdvanceDays = 30_000,
                Hours =
                [
                    .. Enumerable
                        .Range(1, 7)
                        .Select(day => new FacilityHours
                        {
                            Weekday = day,
                            OpensAt = new TimeOnly(0, 0),
                            ClosesAt = new TimeOnly(0, 0),
                        }),
                ],
            })
            .ToList();
        db.Facilities.AddRange(made);
        await db.SaveChangesAsync();
        var apartment = await db.Apartments.Where(a => a.OwnerId != null).OrderBy(a => a.Id).FirstAsync();
        return (made[0].Id, made[1].Id, apartment.Id, apartment.OwnerId!.Value);
    }

    private static DateTime NextHour(TestBed bed)
    {
        var number = Interlocked.Increment(ref _slot);
        return bed.Clock.Today.AddDays(2 + number / 20).ToDateTime(new TimeOnly(1 + number % 20, 0));
    }

    private static async Task BookAsync(TestBed bed, ReservationService service, long facility, CurrentUser resident)
    {
        var start = NextHour(bed);
        var booked = await service.BookAsync(
            new BookingInput(facility, start, start.AddHours(1), 1, TermsAccepted: true), resident, CancellationToken.None);
        if (!booked.Ok) throw new InvalidOperationException($"Refused: {string.Join(", ", booked.Errors.Select(e => e.Code))}");
    }

    private static async Task RawBookAsync(TestBed bed, long facility, long apartment, long owner)
    {
        var start = NextHour(bed);
        await using var connection = new MySqlConnection(bed.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted);
        async Task<object?> RunAsync(string sql)
        {
            await using var command = new MySqlCommand(sql, connection, transaction);
            foreach (
                var (name, value) in new (string, object)[]
                {
                    ("@f", facility),
                    ("@a", apartment),
                    ("@o", owner),
                    ("@s", start),
                    ("@e", start.AddHours(1)),
                }
            )
            {
                if (sql.Contains(name, StringComparison.Ordinal)) command.Parameters.AddWithValue(name, value);
            }

            return await command.ExecuteScalarAsync();
        }

        await RunAsync("SELECT id FROM facilities WHERE id = @f FOR UPDATE");
        var taken = await RunAsync(
            "SELECT COUNT(*) FROM reservations WHERE facility_id = @f AND start_date < @e AND end_date > @s AND status_id IN (1, 2, 4)"
        );
        if (Convert.ToInt64(taken, null) > 0) throw new InvalidOperationException("The hour was taken.");
        await RunAsync(
            "INSERT INTO reservations (owner_id, facility_id, start_date, end_date, status_id, apartment_id, people) VALUES (@o, @f, @s, @e, 1, @a, 1)"
        );
        await RunAsync(
            "INSERT INTO audit_log (table_name, record_id, action, new_value) VALUES ('reservations', LAST_INSERT_ID(), 'insert', '{}')"
        );
        await transaction.CommitAsync();
    }
}
