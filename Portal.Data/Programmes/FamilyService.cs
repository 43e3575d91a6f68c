using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;

namespace Portal.Data.Programmes;

/// <summary>
/// What of participants and their families is sensitive (Ley 1581 of 2012, arts 5 to 7): health with
/// <see cref="Permissions.ProgrammesHealth"/>, circumstances with <see cref="Permissions.ProgrammesFamily"/>, which nobody has to begin with.
/// Without a consent there is no field, and every reading is written down. No decision of the portal depends on any of it.
/// </summary>
public sealed class FamilyService(PortalStore store)
{
    /// <returns>Null where nothing is written down, and for who may not.</returns>
    public async Task<HealthInput?> HealthAsync(long participant, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesHealth)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (await db.ParticipantHealth.AsNoTracking().SingleOrDefaultAsync(h => h.ParticipantId == participant, ct) is not { } row) return null;
        await db.WriteEventAsync(ProgrammeEvents.HealthRead, "participant_health", participant, null, ct);
        return Of(row);
    }

    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>too_long</c>, <c>consent.missing</c>, <c>edit.changed</c>.</returns>
    public Task<Result> SaveHealthAsync(long participant, HealthInput input, CurrentUser user, CancellationToken ct) => WriteAsync(
        participant, ConsentPurpose.Health, Permissions.ProgrammesHealth,
        async (db, token) =>
        {
            var row = await db.ParticipantHealth.SingleOrDefaultAsync(h => h.ParticipantId == participant, token);
            var merged = row is null ? input : Edits.Merge(input, Of(row));
            if (!merged.Ok) return merged;
            var given = merged.Value;
            var errors = new List<Error>();
            ParticipantService.Check(errors, nameof(given.Health), given.Health, 1000);
            ParticipantService.Check(errors, nameof(given.SafetyNote), given.SafetyNote, 200);
            if (errors.Count > 0) return errors;
            if (row is null) db.ParticipantHealth.Add(row = new ParticipantHealth { ParticipantId = participant });
            (row.Health, row.Vaccinated, row.SafetyNote) = (given.Health.TrimToNull(), given.Vaccinated, given.SafetyNote.TrimToNull());
            return Result.Done;
        },
        user, ct);

    /// <returns>Null for who may not; with nothing in it where nothing is written down.</returns>
    public async Task<FamilyView?> FamilyAsync(long participant, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesFamily)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (!await db.Participants.AnyAsync(p => p.Id == participant && p.AnonymisedOn == null, ct)) return null;
        var family = await db.FamilyProfiles.AsNoTracking().SingleOrDefaultAsync(f => f.ParticipantId == participant, ct);
        var guardians = await ParticipantService.GuardiansAsync(db, participant, ct);
        var more = await db.GuardianCircumstances.AsNoTracking().Where(c => c.Guardian!.ParticipantId == participant)
            .ToDictionaryAsync(c => c.GuardianId, ct);
        if (family is not null || more.Count > 0)
            await db.WriteEventAsync(ProgrammeEvents.FamilyRead, "family_profiles", participant, null, ct);
        return new FamilyView(
            family is null ? null : Of(family), guardians.ConvertAll(g => (g, more.TryGetValue(g.Id, out var one) ? Of(one) : null)));
    }

    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>too_long</c>, <c>family.figure</c>, <c>family.sisben</c>,
    /// <c>consent.missing</c>, <c>edit.changed</c>.</returns>
    public Task<Result> SaveFamilyAsync(long participant, FamilyInput input, CurrentUser user, CancellationToken ct) => WriteAsync(
        participant, ConsentPurpose.Family, Permissions.ProgrammesFamily,
        async (db, token) =>
        {
            var row = await db.FamilyProfiles.SingleOrDefaultAsync(f => f.ParticipantId == participant, token);
            var merged = row is null ? input : Edits.Merge(input, Of(row));
            if (!merged.Ok) return merged;
            var given = merged.Value;
            var errors = new List<Error>();
            ParticipantService.Check(errors, nameof(given.Religion), given.Religion, 80);
            ParticipantService.Check(errors, nameof(given.ChurchName), given.ChurchName, 120);
            ParticipantService.Check(errors, nameof(given.LivingWith), given.LivingWith, 120);
            ParticipantService.Check(errors, nameof(given.LivingCondition), given.LivingCondition, 120);
            ParticipantService.Check(errors, nameof(given.HowKnown), given.HowKnown, 120);
            ParticipantService.Check(errors, nameof(given.OrganizationHelp), given.OrganizationHelp, 120);
            ParticipantService.Check(errors, nameof(given.HelpFrequency), given.HelpFrequency, 40);
            if (given.MonthsHere is < 0 or > 1200) errors.Add(new Error("family.figure", nameof(given.MonthsHere)));
            if (given.HelpAmount is < 0 or > 999_999_999) errors.Add(new Error("family.figure", nameof(given.HelpAmount)));
            if (Sisben(given.SisbenGroup) is { } group && !IsGroup(group)) errors.Add(new Error("family.sisben", nameof(given.SisbenGroup)));
            if (errors.Count > 0) return errors;
            if (row is null) db.FamilyProfiles.Add(row = new FamilyProfile { ParticipantId = participant });
            (row.Religion, row.ChurchName) = (given.Religion.TrimToNull(), given.ChurchName.TrimToNull());
            (row.NeedsClothes, row.NeedsMaterials, row.NeedsTransport) = (given.NeedsClothes, given.NeedsMaterials, given.NeedsTransport);
            (row.LivingWith, row.LivingCondition) = (given.LivingWith.TrimToNull(), given.LivingCondition.TrimToNull());
            (row.OwnHouse, row.MonthsHere, row.SisbenGroup) = (given.OwnHouse, given.MonthsHere, Sisben(given.SisbenGroup));
            (row.HowKnown, row.OrganizationHelp) = (given.HowKnown.TrimToNull(), given.OrganizationHelp.TrimToNull());
            (row.CanHelp, row.HelpAmount, row.HelpFrequency) = (given.CanHelp, given.HelpAmount, given.HelpFrequency.TrimToNull());
            return Result.Done;
        },
        user, ct);

    /// <returns>Refusals: as <see cref="SaveFamilyAsync"/>.</returns>
    public Task<Result> SaveCircumstancesAsync(long participant, long guardian, CircumstancesInput input, CurrentUser user, CancellationToken ct) =>
        WriteAsync(
            participant, ConsentPurpose.Family, Permissions.ProgrammesFamily,
            async (db, token) =>
            {
                if (!await db.Guardians.AnyAsync(g => g.Id == guardian && g.ParticipantId == participant, token)) return Error.NotFound;
                var row = await db.GuardianCircumstances.SingleOrDefaultAsync(c => c.GuardianId == guardian, token);
                var merged = row is null ? input : Edits.Merge(input, Of(row));
                if (!merged.Ok) return merged;
                var given = merged.Value;
                var errors = new List<Error>();
                ParticipantService.Check(errors, nameof(given.Occupation), given.Occupation, 100);
                ParticipantService.Check(errors, nameof(given.BirthDistrict), given.BirthDistrict, 100);
                ParticipantService.Check(errors, nameof(given.HouseNumber), given.HouseNumber, 50);
                ParticipantService.Check(errors, nameof(given.Village), given.Village, 100);
                ParticipantService.Check(errors, nameof(given.Commune), given.Commune, 100);
                ParticipantService.Check(errors, nameof(given.District), given.District, 100);
                ParticipantService.Check(errors, nameof(given.Province), given.Province, 100);
                ParticipantService.Check(errors, nameof(given.Church), given.Church, 120);
                if (given.Income is < 0 or > 999_999_999) errors.Add(new Error("family.figure", nameof(given.Income)));
                if (given.ChildrenCount is < 0 or > 30) errors.Add(new Error("family.figure", nameof(given.ChildrenCount)));
                if (errors.Count > 0) return errors;
                if (row is null) db.GuardianCircumstances.Add(row = new GuardianCircumstances { GuardianId = guardian });
                (row.Occupation, row.Income, row.ChildrenCount) = (given.Occupation.TrimToNull(), given.Income, given.ChildrenCount);
                (row.BirthDistrict, row.HouseNumber, row.Village) =
                    (given.BirthDistrict.TrimToNull(), given.HouseNumber.TrimToNull(), given.Village.TrimToNull());
                (row.Commune, row.District, row.Province) =
                    (given.Commune.TrimToNull(), given.District.TrimToNull(), given.Province.TrimToNull());
                (row.Church, row.Believes) = (given.Church.TrimToNull(), given.Believes);
                return Result.Done;
            },
            user, ct);

    /// <summary>What a consent for the family had allowed.</summary>
    internal static async Task EraseAsync(PortalDb db, long participant, CancellationToken ct)
    {
        db.FamilyProfiles.RemoveRange(await db.FamilyProfiles.Where(f => f.ParticipantId == participant).ToListAsync(ct));
        db.GuardianCircumstances.RemoveRange(
            await db.GuardianCircumstances.Where(c => c.Guardian!.ParticipantId == participant).ToListAsync(ct));
    }

    private async Task<Result> WriteAsync(
        long participant, ConsentPurpose purpose, string permission, Func<PortalDb, CancellationToken, Task<Result>> write, CurrentUser user,
        CancellationToken ct)
    {
        if (!user.Can(permission)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!await db.Participants.LockAsync(participant, token)) return Error.NotFound;
                var allowed = await db.ParticipantConsents.AnyAsync(
                    c => c.ParticipantId == participant && c.Purpose == purpose && c.WithdrawnOn == null, token);
                return allowed ? await write(db, token) : new Error("consent.missing");
            },
            ct);
    }

    private static string? Sisben(string? typed) => typed.TrimToNull()?.ToUpperInvariant();

    /// <summary>A1 to A5, B1 to B7, C1 to C18, D1 to D21 (SISBÉN IV).</summary>
    private static bool IsGroup(string group) =>
        group.Length is 2 or 3 && int.TryParse(group[1..], out var number) && number >= 1
        && number <= group[0] switch { 'A' => 5, 'B' => 7, 'C' => 18, 'D' => 21, _ => 0 };

    private static HealthInput Of(ParticipantHealth h) => new(h.Health, h.Vaccinated, h.SafetyNote);

    private static FamilyInput Of(FamilyProfile f) => new(
        f.Religion, f.ChurchName, f.NeedsClothes, f.NeedsMaterials, f.NeedsTransport, f.LivingWith, f.LivingCondition, f.OwnHouse, f.MonthsHere,
        f.SisbenGroup, f.HowKnown, f.OrganizationHelp, f.CanHelp, f.HelpAmount, f.HelpFrequency);

    private static CircumstancesInput Of(GuardianCircumstances c) => new(
        c.Occupation, c.Income, c.ChildrenCount, c.BirthDistrict, c.HouseNumber, c.Village, c.Commune, c.District, c.Province, c.Church, c.Believes);
}
