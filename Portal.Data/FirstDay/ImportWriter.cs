using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.Parking;

namespace Portal.Data.FirstDay;

/// <summary>
/// Writes a plan down within one write. New rows go in INSERTs of many, with one line of the audit log for each table; what changes what
/// there is goes through the context with a line of its own, and so does the import, with which the books are opened.
/// </summary>
internal sealed class ImportWriter(PortalDb db, BuildingClock clock, ImportPlan plan, IProgress<ImportProgress> progress)
{
    private const int Chunk = 400;

    public async Task WriteAsync(Import import, CancellationToken ct)
    {
        await TowersAsync(ct);
        await PeopleAsync(ct);
        await UnitsAsync(ct);
        await TiesAsync(import.AsOf, ct);
        await VehiclesAsync(ct);
        // Saved with what it brings, so that the books are opened in the same breath.
        import.Debts = [.. plan.Debts.Select(d => (d.Concept.Id, d.Unit.Id, d.Amount))];
        db.Imports.Add(import);
        await db.SaveChangesAsync(ct);
        await DebtsAsync(import, ct);
        Report(ImportStage.Finishing, 0, 0);
        foreach (var (table, made) in new[]
        {
            ("apartments", plan.Summary.Units.Created), ("users", plan.Summary.People.Created),
            ("occupancies", plan.Units.Sum(u => u.NewTies.Count)), ("parking", plan.Summary.Vehicles.Created),
            ("charges", plan.Summary.Debts.Created),
        })
        {
            if (made > 0) await db.WriteEventAsync("imported", table, null, new { import = import.Id, rows = made }, ct);
        }
    }

    private async Task TowersAsync(CancellationToken ct)
    {
        var made = plan.Towers.ConvertAll(t => (Planned: t, Row: new Tower { Name = t.Name, Floors = t.Floors > 0 ? t.Floors : null }));
        if (made.Count == 0) return;
        Report(ImportStage.Towers, 0, made.Count);
        db.Towers.AddRange(made.Select(t => t.Row));
        await db.SaveChangesAsync(ct);
        foreach (var (planned, row) in made) planned.Id = row.Id;
    }

    private async Task PeopleAsync(CancellationToken ct)
    {
        var now = clock.UtcNow;
        var made = plan.People.FindAll(p => p.Known is null);
        await InsertAsync(
            ImportStage.People, made.Count * 2, 0,
            """
            INSERT INTO users (username, normalized_username, password, security_stamp, user_status_id, role_id, created_at, updated_at)
            VALUES
            """, made,
            p => [p.UserName, p.UserName.ToUpperInvariant(), "", SessionStamp.New(), (int)UserState.Pending, Roles.Owner, now, now], ct);
        var ids = await IdsAsync(made.ConvertAll(p => p.UserName), ct);
        foreach (var person in made) person.UserId = ids[person.UserName];
        await InsertAsync(
            ImportStage.People, made.Count * 2, made.Count,
            """
            INSERT INTO profile (user_id, first_name, last_name, email, phone, document_type_id, document_number, created_at, updated_at)
            VALUES
            """, made,
            p => [p.UserId, p.First, p.Last, p.Mail, p.Phone, p.Document is null ? null : p.DocumentKind, p.Document, now, now], ct);
        foreach (var some in plan.People.Where(p => p.Fills).Chunk(Chunk))
        {
            var byUser = some.ToDictionary(p => p.UserId);
            foreach (var profile in await db.Profiles.Where(p => byUser.Keys.Contains(p.UserId)).ToListAsync(ct))
            {
                var person = byUser[profile.UserId];
                if (profile.DocumentNumber is null && person.Document is not null)
                    (profile.DocumentNumber, profile.DocumentTypeId) = (person.Document, person.DocumentKind);
                profile.Email ??= person.Mail;
                profile.Phone ??= person.Phone;
            }
        }

        // Who has a row of either kind already keeps it; a tenant is served by the row of an owner, an owner not by that of a tenant.
        var ties = plan.Units.SelectMany(u => u.NewTies).ToList();
        var asOwner = ties.Where(t => t.Kind == OccupancyKind.Owner).Select(t => t.Person).Distinct().Where(p => p.OwnerRow is null)
            .ToHashSet();
        var asTenant = ties.Where(t => t.Kind == OccupancyKind.Tenant).Select(t => t.Person).Distinct()
            .Where(p => p.TenantRow is null && p.OwnerRow is null && !asOwner.Contains(p)).ToList();
        var rows = asOwner.Select(p => (Person: p, Tenant: false)).Concat(asTenant.Select(p => (Person: p, Tenant: true))).ToList();
        await InsertAsync(
            null, 0, 0, "INSERT INTO owners (user_id, is_tenant, created_at, updated_at) VALUES ", rows,
            r => [r.Person.UserId, r.Tenant, now, now], ct);
        var made2 = rows.ToDictionary(r => r.Person.UserId, r => r.Person);
        foreach (var some in made2.Keys.Chunk(2_000))
        {
            foreach (var row in await db.Owners.AsNoTracking().Where(o => some.Contains(o.UserId)).OrderBy(o => o.Id)
                .Select(o => new { o.Id, o.UserId, o.IsTenant }).ToListAsync(ct))
            {
                if (row.IsTenant == true) made2[row.UserId].TenantRow ??= row.Id;
                else made2[row.UserId].OwnerRow ??= row.Id;
            }
        }
    }

    private async Task<Dictionary<string, long>> IdsAsync(List<string> names, CancellationToken ct)
    {
        var ids = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        foreach (var some in names.Chunk(2_000))
        {
            foreach (var user in await db.Users.AsNoTracking().Where(u => some.Contains(u.UserName)).Select(u => new { u.Id, u.UserName })
                .ToListAsync(ct)) ids[user.UserName!] = user.Id;
        }

        return ids;
    }

    private async Task UnitsAsync(CancellationToken ct)
    {
        var now = clock.UtcNow;
        var made = plan.Units.FindAll(u => u.Known is null);
        await InsertAsync(
            ImportStage.Units, made.Count, 0,
            """
            INSERT INTO apartments
                (tower_id, apartment_number, floor, area, coefficient, monthly_fee, owner_id, status_id, created_at, updated_at)
            VALUES
            """, made,
            u =>
            [
                u.Tower.Id, u.Number, (int?)u.Final(ImportField.Floor), u.Final(ImportField.Area), u.Final(ImportField.Coefficient),
                u.Final(ImportField.Fee), u.Main?.OwnerRow,
                (int)(u.NewTies.Count > 0 ? OccupancyState.Occupied : OccupancyState.Available), now, now,
            ], ct);
        if (made.Count > 0)
        {
            var towers = made.Select(u => u.Tower.Id!.Value).Distinct().ToList();
            var ids = (await db.Apartments.AsNoTracking().Where(a => towers.Contains(a.TowerId))
                .Select(a => new { a.Id, a.TowerId, a.ApartmentNumber }).ToListAsync(ct))
                .ToDictionary(a => (a.TowerId, a.ApartmentNumber), a => a.Id);
            foreach (var unit in made) unit.Id = ids[(unit.Tower.Id!.Value, unit.Number)];
        }

        foreach (var some in plan.Units.Where(u => u.IsChanged).Chunk(Chunk))
        {
            var byId = some.ToDictionary(u => u.Id);
            foreach (var row in await db.Apartments.Where(a => byId.Keys.Contains(a.Id)).ToListAsync(ct))
            {
                var unit = byId[row.Id];
                (row.Floor, row.Area) = ((int?)unit.Final(ImportField.Floor), unit.Final(ImportField.Area));
                (row.Coefficient, row.MonthlyFee) = (unit.Final(ImportField.Coefficient), unit.Final(ImportField.Fee));
                if (unit.NewTies.Count > 0 && row.StatusId == OccupancyState.Available) row.StatusId = OccupancyState.Occupied;
                if (unit.Main is { } main) row.OwnerId = main.OwnerRow;
            }
        }

        await db.SaveChangesAsync(ct);
    }

    private Task TiesAsync(DateOnly since, CancellationToken ct)
    {
        var now = clock.UtcNow;
        var ties = plan.Units.SelectMany(u => u.NewTies, (u, t) => (Unit: u, t.Person, t.Kind)).ToList();
        return InsertAsync(
            null, 0, 0, "INSERT INTO occupancies (apartment_id, owner_id, kind, started_on, created_at) VALUES ", ties,
            t =>
            [
                t.Unit.Id, t.Kind == OccupancyKind.Owner ? t.Person.OwnerRow : t.Person.TenantRow ?? t.Person.OwnerRow,
                t.Kind == OccupancyKind.Owner ? "owner" : "tenant", since, now,
            ], ct);
    }

    private async Task VehiclesAsync(CancellationToken ct)
    {
        var now = clock.UtcNow;
        if (plan.Vehicles.Count == 0) return;
        var units = plan.Vehicles.Select(v => v.Unit.Id).Distinct().ToList();
        var people = new Dictionary<long, long?>();
        foreach (var some in units.Chunk(2_000))
        {
            foreach (var unit in await db.Apartments.AsNoTracking().Where(a => some.Contains(a.Id))
                .Select(a => new { a.Id, User = a.Owner == null ? null : (long?)a.Owner.UserId }).ToListAsync(ct))
                people[unit.Id] = unit.User;
        }

        var made = plan.Vehicles.FindAll(v => v.Known is null);
        await InsertAsync(
            ImportStage.Vehicles, made.Count, 0,
            """
            INSERT INTO parking
                (space_number, status_id, vehicle_type_id, user_id, license_plate, apartment_id, use_kind, created_at, updated_at)
            VALUES
            """, made,
            v =>
            [
                v.Space, (int)(v.Plate is null ? ParkingState.Available : ParkingState.Occupied), v.Kind, people[v.Unit.Id], v.Plate,
                v.Unit.Id, "resident", now, now,
            ], ct);
        foreach (var some in plan.Vehicles.Where(v => v.Known is not null).Chunk(Chunk))
        {
            var byId = some.ToDictionary(v => v.Known!.Id);
            foreach (var space in await db.Parking.Where(s => byId.Keys.Contains(s.Id)).ToListAsync(ct))
            {
                var vehicle = byId[space.Id];
                (space.ApartmentId, space.UserId, space.UseKind) = (vehicle.Unit.Id, people[vehicle.Unit.Id], ParkingUse.Resident);
                if (vehicle.Plate is null) continue;
                (space.LicensePlate, space.VehicleTypeId, space.StatusId) = (vehicle.Plate, vehicle.Kind, ParkingState.Occupied);
            }
        }
    }

    private async Task DebtsAsync(Import import, CancellationToken ct)
    {
        var owners = new Dictionary<long, long?>();
        foreach (var some in plan.Debts.Select(d => d.Unit.Id).Distinct().Chunk(2_000))
        {
            foreach (var unit in await db.Apartments.AsNoTracking().Where(a => some.Contains(a.Id)).Select(a => new { a.Id, a.OwnerId })
                .ToListAsync(ct)) owners[unit.Id] = unit.OwnerId;
        }

        var now = clock.UtcNow;
        await InsertAsync(
            ImportStage.Debts, plan.Debts.Count, 0,
            """
            INSERT INTO charges
                (apartment_id, owner_id, kind, concept, detail, number, amount, issued_on, due_on, status, concept_id, import_id,
                interest_from, created_at, updated_at)
            VALUES
            """, plan.Debts,
            d =>
            [
                d.Unit.Id, owners[d.Unit.Id], Schema.PortalModel.Snake(d.Concept.Kind.ToString()), d.Concept.Name, d.Detail,
                PlannedDebt.Number(d.Slot, d.Concept.Id, d.Unit.Id), d.Amount, d.DueOn < import.AsOf ? d.DueOn : import.AsOf, d.DueOn,
                "open", d.Concept.Id, import.Id,
                // What it bore until then the file says in its own column, or nobody charges it.
                d.Concept.BearsInterest ? import.AsOf.AddDays(1) : null, now, now,
            ], ct);
    }

    private async Task InsertAsync<T>(
        ImportStage? stage, int total, int before, string head, IReadOnlyList<T> rows, Func<T, object?[]> values, CancellationToken ct)
    {
        var done = before;
        foreach (var some in rows.Chunk(Chunk))
        {
            await InsertAsync(db, head, some.Select(values), ct);
            done += some.Length;
            if (stage is { } at) Report(at, done, total);
        }
    }

    /// <summary>As a save: what somebody made by hand in this moment is refused, and not a fault.</summary>
    internal static async Task InsertAsync(PortalDb db, string head, IEnumerable<object?[]> rows, CancellationToken ct)
    {
        try
        {
            await new SqlBatch().ThenInsert(head + " ", rows).RunAsync(db, ct);
        }
        catch (DbException exception) when (Schema.DatabaseErrors.Refusal(exception) is not null)
        {
            throw new DbUpdateException(exception.Message, exception);
        }
    }

    private void Report(ImportStage stage, int done, int total) => progress.Report(new ImportProgress(stage, done, total));
}
