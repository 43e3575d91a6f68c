using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;

namespace Portal.Data.Programmes;

/// <summary>
/// Who takes part: the office's, with <see cref="Permissions.ProgrammesManage"/>. What is sensitive of them is not here but in
/// <see cref="FamilyService"/>.
/// </summary>
public sealed class ParticipantService(PortalStore store, BuildingClock clock)
{
    /// <summary>
    /// By name. Filters: <c>grade</c>, <c>state</c>: inactive; without it only who is active. The search is for names. Sorts: name, birth,
    /// grade.
    /// </summary>
    public async Task<Page<ParticipantRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Page<ParticipantRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        return await Rows(db, Sorted(db, query)).PageAsync(query, ct);
    }

    /// <summary>All that the list would show, for a file; that it was read is written down.</summary>
    public async IAsyncEnumerable<ParticipantRow> ExportAsync(ListQuery query, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) yield break;
        await using var db = await store.OpenAsync(user, ct);
        var ids = await Sorted(db, query).Select(p => p.Id).ToListAsync(ct);
        await db.WriteEventAsync(ProgrammeEvents.Exported, "participants", null, new { rows = ids.Count }, ct);
        var rows = Exports.ReadAsync(
            ids, some => Rows(db, db.Participants.AsNoTracking().Where(p => some.Contains(p.Id))).ToListAsync(ct), row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    /// <returns>Null where there is none for this person.</returns>
    public async Task<ParticipantView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.Participants.AsNoTracking().Where(p => p.Id == id)
            .Select(p => new
            {
                Row = p,
                Apartment = p.Apartment == null ? null : p.Apartment.Tower!.Name + " " + p.Apartment.ApartmentNumber,
                Account = db.Profiles.Where(f => f.UserId == p.UserId).Select(f => f.FullName).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var guardians = await GuardiansAsync(db, id, ct);
        var consents = await db.ParticipantConsents.AsNoTracking().Where(c => c.ParticipantId == id)
            .OrderByDescending(c => c.GivenOn).ThenByDescending(c => c.Id)
            .Select(c => new ConsentView(c.Id, c.Purpose, c.Text, c.GivenBy, c.ChildHeard, c.GivenOn, c.WithdrawnOn)).ToListAsync(ct);
        var courses = (await db.Enrolments.AsNoTracking().Where(e => e.ParticipantId == id)
                .OrderByDescending(e => e.EnrolledOn).ThenByDescending(e => e.Id)
                .Select(e => new
                {
                    e.Id, e.CourseId, e.Course!.Name, e.Course.GradeLevel, e.Course.Section, e.Course.Year!.Code, e.EnrolledOn, e.DroppedOn,
                    e.DropReason, Owed = (decimal?)e.Charge!.Owed,
                })
                .ToListAsync(ct))
            .ConvertAll(e => new ParticipantCourse(
                e.Id, e.CourseId, CourseNames.Of(e.Name, e.GradeLevel, e.Section), e.Code, e.EnrolledOn, e.DroppedOn, e.DropReason, e.Owed));
        var scholarships = await db.Scholarships.AsNoTracking().Where(s => s.ParticipantId == id).OrderByDescending(s => s.StartsOn)
            .ThenByDescending(s => s.Id)
            .Select(s => new ScholarshipView(
                s.Id, s.Percent, s.Amount, s.FromFund, s.StartsOn, s.EndsOn, s.Act, s.RevokedOn,
                db.Enrolments.Where(e => e.ScholarshipId == s.Id).Sum(e => e.ScholarshipAmount) ?? 0))
            .ToListAsync(ct);
        return new ParticipantView(
            id, Of(found.Row), Participant.Age(found.Row.BirthDate, clock.Today), found.Apartment, found.Account, found.Row.RegisteredOn, guardians,
            consents, courses, scholarships);
    }

    /// <summary>Somebody new, or a change. Whatever two people changed in different fields holds both times (<see cref="Edits"/>).</summary>
    /// <returns>
    /// The id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>participant.name</c>,
    /// <c>participant.born</c>, <c>participant.grade</c>, <c>participant.enrolled</c> where somebody in a course is put aside,
    /// <c>edit.changed</c>.
    /// </returns>
    public async Task<Result<long>> SaveAsync(long? id, ParticipantInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var row = id is null
                    ? new Participant { RegisteredOn = clock.Today }
                    : await db.Participants.Where(p => p.Id == id && p.AnonymisedOn == null).ForUpdate().SingleOrDefaultAsync(token);
                if (row is null) return Error.NotFound;
                var merged = id is null ? input : Edits.Merge(input, Of(row));
                if (!merged.Ok) return Result<long>.Refused(merged);
                var given = merged.Value;
                if (await CheckAsync(db, given, row, token) is { Count: > 0 } errors) return errors;
                (row.FirstName, row.LastName, row.Gender) = (given.FirstName!.Trim(), given.LastName!.Trim(), given.Gender);
                (row.BirthDate, row.GradeLevel, row.Active) = (given.BirthDate!.Value, given.GradeLevel, given.Active);
                (row.ApartmentId, row.UserId) = (given.ApartmentId, given.UserId);
                (row.Phone, row.EmergencyContact) = (given.Phone.TrimToNull(), given.EmergencyContact.TrimToNull());
                (row.PreviousSchool, row.TransferReason) = (given.PreviousSchool.TrimToNull(), given.TransferReason.TrimToNull());
                (row.HouseNumber, row.Village, row.Commune) =
                    (given.HouseNumber.TrimToNull(), given.Village.TrimToNull(), given.Commune.TrimToNull());
                (row.District, row.Province, row.BirthDistrict) =
                    (given.District.TrimToNull(), given.Province.TrimToNull(), given.BirthDistrict.TrimToNull());
                if (id is null) db.Participants.Add(row);
                await db.SaveChangesAsync(token);
                return row.Id;
            },
            ct);
    }

    /// <summary>A guardian of somebody, or a change of one.</summary>
    /// <returns>
    /// The id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>guardian.self</c>,
    /// <c>guardian.account</c> where the account is another guardian's of the same participant, <c>edit.changed</c>.
    /// </returns>
    public async Task<Result<long>> SaveGuardianAsync(long participant, long? id, GuardianInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (!await db.Participants.LockAsync(participant, token)) return Error.NotFound;
                var row = id is null
                    ? new Guardian { ParticipantId = participant }
                    : await db.Guardians.SingleOrDefaultAsync(g => g.Id == id && g.ParticipantId == participant, token);
                if (row is null) return Error.NotFound;
                var merged = id is null ? input : Edits.Merge(input, Of(row));
                if (!merged.Ok) return Result<long>.Refused(merged);
                var given = merged.Value;
                var errors = new List<Error>();
                Check(errors, nameof(given.Relation), given.Relation, 50, needed: true);
                Check(errors, nameof(given.FirstName), given.FirstName, 100, needed: true);
                Check(errors, nameof(given.LastName), given.LastName, 100, needed: true);
                Check(errors, nameof(given.Phone), given.Phone, 20);
                if (given.UserId is { } account)
                {
                    if (!await db.Users.AnyAsync(u => u.Id == account, token)) errors.Add(Error.NotFound with { Field = nameof(given.UserId) });
                    else if (await db.Participants.AnyAsync(p => p.Id == participant && p.UserId == account, token))
                        errors.Add(new Error("guardian.self", nameof(given.UserId)));
                    else if (await db.Guardians.AnyAsync(g => g.ParticipantId == participant && g.UserId == account && g.Id != row.Id, token))
                        errors.Add(new Error("guardian.account", nameof(given.UserId)));
                }

                if (errors.Count > 0) return errors;
                (row.Relation, row.FirstName, row.LastName) = (given.Relation!.Trim(), given.FirstName!.Trim(), given.LastName!.Trim());
                (row.Phone, row.UserId) = (given.Phone.TrimToNull(), given.UserId);
                (row.LegalAuthority, row.MayCollect) = (given.LegalAuthority, given.MayCollect);
                if (id is null) db.Guardians.Add(row);
                await db.SaveChangesAsync(token);
                return row.Id;
            },
            ct);
    }

    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>.</returns>
    public async Task<Result> RemoveGuardianAsync(long participant, long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!await db.Participants.LockAsync(participant, token)) return Error.NotFound;
                if (await db.Guardians.SingleOrDefaultAsync(g => g.Id == id && g.ParticipantId == participant, token) is not { } row)
                    return Error.NotFound;
                if (await db.GuardianCircumstances.SingleOrDefaultAsync(c => c.GuardianId == id, token) is { } more) db.GuardianCircumstances.Remove(more);
                db.Guardians.Remove(row);
                return Result.Done;
            },
            ct);
    }

    /// <summary>Writes down a consent. Of a minor it is their representative's, and the child was heard (Decreto 1377 of 2013, art. 12).</summary>
    /// <returns>The id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>consent.heard</c>,
    /// <c>consent.stands</c> where one for the same purpose stands.</returns>
    public async Task<Result<long>> ConsentAsync(long participant, ConsentInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var row = await db.Participants.Where(p => p.Id == participant && p.AnonymisedOn == null).ForUpdate().SingleOrDefaultAsync(token);
                if (row is null) return Error.NotFound;
                var errors = new List<Error>();
                if (!Enum.IsDefined(input.Purpose)) errors.Add(Error.Required(nameof(input.Purpose)));
                Check(errors, nameof(input.Text), input.Text, 1000, needed: true);
                Check(errors, nameof(input.GivenBy), input.GivenBy, 200, needed: true);
                if (!input.ChildHeard && Participant.Age(row.BirthDate, clock.Today) < Participant.OfAge)
                    errors.Add(new Error("consent.heard", nameof(input.ChildHeard)));
                if (await db.ParticipantConsents.AnyAsync(
                    c => c.ParticipantId == participant && c.Purpose == input.Purpose && c.WithdrawnOn == null, token))
                    errors.Add(new Error("consent.stands", nameof(input.Purpose)));
                if (errors.Count > 0) return errors;
                var consent = ParticipantConsent.Of(
                    participant, input.Purpose, input.Text!.Trim(), input.GivenBy!.Trim(), input.ChildHeard, clock.Today, user.AccountId);
                db.ParticipantConsents.Add(consent);
                await db.SaveChangesAsync(token);
                return consent.Id;
            },
            ct);
    }

    /// <summary>It was taken back: what it allowed is erased in the same write. Who is in a course leaves it first.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>consent.enrolled</c>.</returns>
    public async Task<Result> WithdrawConsentAsync(long participant, long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!await db.Participants.LockAsync(participant, token)) return Error.NotFound;
                if (await db.ParticipantConsents.SingleOrDefaultAsync(c => c.Id == id && c.ParticipantId == participant, token) is not { } row)
                    return Error.NotFound;
                if (row.WithdrawnOn is not null) return Result.Done;
                if (row.Purpose == ConsentPurpose.Programme && await db.Enrolments.AnyAsync(
                    e => e.ParticipantId == participant && e.Course!.EndsOn >= clock.Today && (e.DroppedOn == null || e.DroppedOn > clock.Today), token))
                    return new Error("consent.enrolled");
                row.Withdraw(clock.Today);
                if (row.Purpose == ConsentPurpose.Health)
                    db.ParticipantHealth.RemoveRange(await db.ParticipantHealth.Where(h => h.ParticipantId == participant).ToListAsync(token));
                if (row.Purpose == ConsentPurpose.Family) await FamilyService.EraseAsync(db, participant, token);
                return Result.Done;
            },
            ct);
    }

    /// <summary>A scholarship for fees of courses that somebody enrols in from now on. What a family earns decides nothing here.</summary>
    /// <returns>The id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>scholarship.share</c>,
    /// <c>scholarship.days</c>, <c>scholarship.stands</c> where another is for the same days.</returns>
    public async Task<Result<long>> GrantAsync(long participant, ScholarshipInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (!await db.Participants.LockAsync(participant, token)) return Error.NotFound;
                var errors = new List<Error>();
                if (input.StartsOn is null) errors.Add(Error.Required(nameof(input.StartsOn)));
                if (input.EndsOn is null) errors.Add(Error.Required(nameof(input.EndsOn)));
                Check(errors, nameof(input.Act), input.Act, 100, needed: true);
                if ((input.Percent is null) == (input.Amount is null) || input.Percent is < 1 or > 100
                    || input.Amount is <= 0 or > 99_999_999 || (input.Amount is { } sum && sum != decimal.Truncate(sum)))
                    errors.Add(new Error("scholarship.share", nameof(input.Percent)));
                if (input is { StartsOn: { } from, EndsOn: { } to })
                {
                    if (to < from) errors.Add(new Error("scholarship.days", nameof(input.EndsOn)));
                    else if (await db.Scholarships.AnyAsync(
                        s => s.ParticipantId == participant && s.RevokedOn == null && s.StartsOn <= to && s.EndsOn >= from, token))
                        errors.Add(new Error("scholarship.stands", nameof(input.StartsOn)));
                }

                if (errors.Count > 0) return errors;
                var scholarship = Scholarship.Of(
                    participant, input.Percent, input.Amount, input.FromFund, input.StartsOn!.Value, input.EndsOn!.Value, input.Act!.Trim(),
                    user.AccountId);
                db.Scholarships.Add(scholarship);
                await db.SaveChangesAsync(token);
                return scholarship.Id;
            },
            ct);
    }

    /// <summary>From now on it pays nothing; what it paid stays.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>.</returns>
    public async Task<Result> RevokeAsync(long participant, long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!await db.Participants.LockAsync(participant, token)) return Error.NotFound;
                if (await db.Scholarships.SingleOrDefaultAsync(s => s.Id == id && s.ParticipantId == participant, token) is not { } row)
                    return Error.NotFound;
                row.Revoke(clock.Today);
                return Result.Done;
            },
            ct);
    }

    /// <summary>Accounts whose name holds a text, to say whose a participant or a guardian is.</summary>
    public async Task<IReadOnlyList<ProgrammeOption>> AccountsAsync(string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage) || text.Trim() is not { Length: > 0 } wanted) return [];
        await using var db = await store.OpenAsync(user, ct);
        var people = db.Profiles.AsNoTracking();
        foreach (var word in wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(4))
            people = people.Where(p => p.FirstName.Contains(word) || p.LastName.Contains(word));
        return await people.OrderBy(p => p.FirstName).ThenBy(p => p.LastName).ThenBy(p => p.Id).Take(10)
            .Select(p => new ProgrammeOption(
                p.UserId, p.FullName,
                db.Apartments.Where(a => a.Owner!.UserId == p.UserId).OrderBy(a => a.Id).Select(a => a.Tower!.Name + " " + a.ApartmentNumber)
                    .FirstOrDefault()))
            .ToListAsync(ct);
    }

    /// <summary>Apartments whose number begins as typed, to say where a participant lives.</summary>
    public async Task<IReadOnlyList<ProgrammeOption>> ApartmentsAsync(string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await (await Building.UnitSearch.ReadAsync(db, text, ct)).Beginning(db)
            .OrderBy(a => a.Tower!.Name).ThenBy(a => a.ApartmentNumber.Length).ThenBy(a => a.ApartmentNumber).ThenBy(a => a.Id).Take(8)
            .Select(a => new ProgrammeOption(a.Id, a.Tower!.Name + " " + a.ApartmentNumber, null)).ToListAsync(ct);
    }

    internal static async Task<List<GuardianView>> GuardiansAsync(PortalDb db, long participant, CancellationToken ct) =>
        (await db.Guardians.AsNoTracking().Where(g => g.ParticipantId == participant).OrderByDescending(g => g.LegalAuthority).ThenBy(g => g.Id)
            .Select(g => new { Row = g, Account = db.Profiles.Where(f => f.UserId == g.UserId).Select(f => f.FullName).FirstOrDefault() })
            .ToListAsync(ct))
        .ConvertAll(g => new GuardianView(g.Row.Id, Of(g.Row), g.Account));

    private IQueryable<ParticipantRow> Rows(PortalDb db, IQueryable<Participant> people)
    {
        var today = clock.Today;
        return people.Select(p => new ParticipantRow(
            p.Id, p.FirstName, p.LastName, p.BirthDate,
            today.Year - p.BirthDate.Year
                - (p.BirthDate.Month > today.Month || (p.BirthDate.Month == today.Month && p.BirthDate.Day > today.Day) ? 1 : 0),
            p.GradeLevel, p.Apartment == null ? null : p.Apartment.Tower!.Name + " " + p.Apartment.ApartmentNumber, p.Active,
            db.Enrolments.Count(e => e.ParticipantId == p.Id && e.Course!.EndsOn >= today && (e.DroppedOn == null || e.DroppedOn > today))));
    }

    private static IOrderedQueryable<Participant> Sorted(PortalDb db, ListQuery query)
    {
        var people = db.Participants.AsNoTracking().Where(p => p.AnonymisedOn == null);
        foreach (var word in (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6))
            people = people.Where(p => p.FirstName.Contains(word) || p.LastName.Contains(word));
        if (query.FilterNumber("grade") is { } grade) people = people.Where(p => p.GradeLevel == grade);
        people = query.Filter("state") == "inactive" ? people.Where(p => !p.Active) : people.Where(p => p.Active);
        var sorted = query.Sort switch
        {
            "birth" => people.By(p => p.BirthDate, query.Descending),
            "grade" => people.By(p => p.GradeLevel, query.Descending),
            _ => people.By(p => p.LastName, query.Descending).Then(p => p.FirstName, query.Descending),
        };
        return sorted.ThenBy(p => p.Id);
    }

    private static ParticipantInput Of(Participant p) => new(
        p.FirstName, p.LastName, p.Gender, p.BirthDate, p.GradeLevel, p.ApartmentId, p.UserId, p.Phone, p.EmergencyContact, p.PreviousSchool,
        p.TransferReason, p.HouseNumber, p.Village, p.Commune, p.District, p.Province, p.BirthDistrict, p.Active);

    private static GuardianInput Of(Guardian g) =>
        new(g.Relation, g.FirstName, g.LastName, g.Phone, g.UserId, g.LegalAuthority, g.MayCollect);

    internal static void Check(List<Error> errors, string field, string? value, int most, bool needed = false)
    {
        if (needed && value.TrimToNull() is null) errors.Add(Error.Required(field));
        else if (value?.Trim().Length > most) errors.Add(Error.TooLong(field, most));
    }

    private async Task<List<Error>> CheckAsync(PortalDb db, ParticipantInput input, Participant row, CancellationToken ct)
    {
        var errors = new List<Error>();
        foreach (var (field, name) in new[] { (nameof(input.FirstName), input.FirstName), (nameof(input.LastName), input.LastName) })
        {
            Check(errors, field, name, 100, needed: true);
            if (name.TrimToNull() is { Length: < 2 }) errors.Add(new Error("participant.name", field));
        }

        if (!Enum.IsDefined(input.Gender)) errors.Add(Error.Required(nameof(input.Gender)));
        if (input.BirthDate is not { } born) errors.Add(Error.Required(nameof(input.BirthDate)));
        else if (born > clock.Today || born < clock.Today.AddYears(-120)) errors.Add(new Error("participant.born", nameof(input.BirthDate)));
        if (input.GradeLevel is < 1 or > 12) errors.Add(new Error("participant.grade", nameof(input.GradeLevel)));
        Check(errors, nameof(input.Phone), input.Phone, 20);
        Check(errors, nameof(input.EmergencyContact), input.EmergencyContact, 200);
        Check(errors, nameof(input.PreviousSchool), input.PreviousSchool, 150);
        Check(errors, nameof(input.TransferReason), input.TransferReason, 200);
        Check(errors, nameof(input.HouseNumber), input.HouseNumber, 50);
        Check(errors, nameof(input.Village), input.Village, 100);
        Check(errors, nameof(input.Commune), input.Commune, 100);
        Check(errors, nameof(input.District), input.District, 100);
        Check(errors, nameof(input.Province), input.Province, 100);
        Check(errors, nameof(input.BirthDistrict), input.BirthDistrict, 100);
        if (input.ApartmentId is { } apartment && !await db.Apartments.AnyAsync(a => a.Id == apartment, ct))
            errors.Add(Error.NotFound with { Field = nameof(input.ApartmentId) });
        if (input.UserId is { } account && !await db.Users.AnyAsync(u => u.Id == account, ct))
            errors.Add(Error.NotFound with { Field = nameof(input.UserId) });
        if (!input.Active && row.Id != 0 && row.Active
            && await db.Enrolments.AnyAsync(e => e.ParticipantId == row.Id && e.DroppedOn == null && e.Course!.EndsOn >= clock.Today, ct))
            errors.Add(new Error("participant.enrolled", nameof(input.Active)));
        return errors;
    }
}

/// <summary>What is written down when something of these people is read.</summary>
internal static class ProgrammeEvents
{
    public const string Exported = "participants_exported", HealthRead = "health_read", FamilyRead = "family_read", PhoneRead = "guardian_phone_read";
}
