using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Parking;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Data.People;

/// <summary>The questions behind <see cref="PersonRecords"/>, in one batch.</summary>
internal static class PersonRecordsQuery
{
    private const int Latest = 5, MostOthers = 20;

    private static readonly SqlText Unit = new(UnitName.Sql);

    public static async Task<PersonRecords> ReadAsync(PortalDb db, long account, DateOnly today, CurrentUser user, CancellationToken ct)
    {
        var batch = new SqlBatch();
        var records = new PersonRecords(
            user.Can(Permissions.PaymentsView) ? Payments(batch, account) : null,
            user.Can(Permissions.ParkingView) ? Vehicles(batch, account, today) : null,
            user.Can(Permissions.PetsView) ? Pets(batch, account) : null,
            user.Can(Permissions.PqrsView) ? Cases(batch, account, today) : null);
        await batch.RunAsync(db, ct);
        return records;
    }

    private static List<PersonPayment> Payments(SqlBatch batch, long account)
    {
        List<PersonPayment> found = [];
        batch.Select(
            $"""
            SELECT p.id, p.owner_id, p.receipt_number, p.payment_date, p.amount, p.status_id, {Unit} FROM payments AS p
            INNER JOIN owners AS o ON o.id = p.owner_id
            LEFT JOIN apartments AS a ON a.id = p.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
            WHERE o.user_id = {account} ORDER BY p.payment_date DESC, p.id DESC LIMIT {Latest}
            """,
            row => found.Add(new PersonPayment(
                row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetString(2), DateOnly.FromDateTime(row.GetDateTime(3)),
                row.GetDecimal(4), (PaymentState)row.GetInt32(5), row.IsDBNull(6) ? null : row.GetString(6))));
        return found;
    }

    private static List<PersonVehicle> Vehicles(SqlBatch batch, long account, DateOnly today)
    {
        List<PersonVehicle> found = [];
        batch.Select(
            $"""
            SELECT s.id, s.space_number, s.license_plate, s.status_id, {Unit} FROM parking AS s
            LEFT JOIN apartments AS a ON a.id = s.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
            WHERE s.user_id = {account} OR s.apartment_id IN (
                SELECT n.apartment_id FROM occupancies AS n INNER JOIN owners AS o ON o.id = n.owner_id
                WHERE o.user_id = {account} AND n.started_on <= {today} AND (n.ended_on IS NULL OR n.ended_on >= {today}))
            ORDER BY s.space_number, s.id LIMIT {MostOthers}
            """,
            row => found.Add(new PersonVehicle(
                row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), (ParkingState)row.GetInt32(3),
                row.IsDBNull(4) ? null : row.GetString(4))));
        return found;
    }

    private static List<PersonPet> Pets(SqlBatch batch, long account)
    {
        List<PersonPet> found = [];
        batch.Select(
            $"""
            SELECT x.id, x.name, x.species, x.vaccination_expires_on FROM pets AS x INNER JOIN owners AS o ON o.id = x.owner_id
            WHERE o.user_id = {account} ORDER BY x.name, x.id LIMIT {MostOthers}
            """,
            row => found.Add(new PersonPet(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : DateOnly.FromDateTime(row.GetDateTime(3)))));
        return found;
    }

    private static List<PersonCase> Cases(SqlBatch batch, long account, DateOnly today)
    {
        List<PersonCase> found = [];
        batch.Select(
            $"""
            SELECT q.id, q.number, q.title, q.status_id, q.due_on FROM pqrs AS q INNER JOIN owners AS o ON o.id = q.owner_id
            WHERE o.user_id = {account} ORDER BY q.id DESC LIMIT {Latest}
            """,
            row =>
            {
                var state = (PqrsState)row.GetInt32(3);
                var due = row.IsDBNull(4) ? (DateOnly?)null : DateOnly.FromDateTime(row.GetDateTime(4));
                found.Add(new PersonCase(
                    row.GetInt64(0), row.IsDBNull(1) ? $"{row.GetInt64(0)}" : row.GetString(1), row.GetString(2), state,
                    due < today && state is PqrsState.Open or PqrsState.InProgress));
            });
        return found;
    }
}
