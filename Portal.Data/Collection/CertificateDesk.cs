using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Collection;

/// <summary>
/// Certifies what an apartment owes or does not, under its lock: what is paid or charged meanwhile comes before the paper or after it, and
/// the number is taken last.
/// </summary>
public sealed class CertificateDesk(PortalStore store, BuildingClock clock)
{
    /// <summary>So far back a day can be certified.</summary>
    public const int OldestYears = 1;

    /// <summary>
    /// Whether an apartment was in good standing at the end of a day, and what stands against it. For owners their own apartment, for whoever
    /// has <see cref="Permissions.CollectionCertify"/> any.
    /// </summary>
    /// <returns>Null where it is out of reach.</returns>
    public async Task<GoodStanding?> StandingAsync(long apartmentId, DateOnly cutOff, CurrentUser user, CancellationToken ct)
    {
        if (!MayAsk(user, apartmentId)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (!await db.Apartments.AnyAsync(a => a.Id == apartmentId, ct)) return null;
        return await StandingAsync(db, apartmentId, cutOff, ct);
    }

    /// <summary>
    /// Issues the certificate of good standing of an apartment for a day, as <see cref="StandingAsync(long, DateOnly, CurrentUser,
    /// CancellationToken)"/> says who may.
    /// </summary>
    /// <returns>Refused: <c>certificate.owed</c> with one <c>certificate.line</c> or <c>certificate.interest</c> (concept, due day, amount)
    /// for each thing that is owed, <c>certificate.rate</c> (a month), <c>certificate.future</c>, <c>certificate.old</c> (the first day),
    /// <c>certificate.signatory</c>.</returns>
    public Task<Result<IssuedCertificate>> CertifyStandingAsync(long apartmentId, DateOnly cutOff, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<IssuedCertificate>(
            user,
            async (db, token) =>
            {
                if (!MayAsk(user, apartmentId)) return user.MaySeeAccount(apartmentId) ? Error.Forbidden : Error.NotFound;
                var today = clock.Today;
                if (cutOff > today) return new Error("certificate.future", nameof(cutOff), today);
                if (cutOff < today.AddYears(-OldestYears)) return new Error("certificate.old", nameof(cutOff), today.AddYears(-OldestYears));
                if (!await ApartmentLedger.LockAsync(db, apartmentId, token)) return Error.NotFound;
                if (await SignatoryAsync(db, token) is not { } signatory) return new Error("certificate.signatory");
                var standing = await StandingAsync(db, apartmentId, cutOff, token);
                if (standing.Owed.Count > 0)
                {
                    var reasons = new List<Error> { new("certificate.owed", null, cutOff, standing.Owed.Sum(l => l.Owed)) };
                    foreach (var line in standing.Owed)
                    {
                        if (line.Capital > 0) reasons.Add(new Error("certificate.line", null, line.Concept, line.DueOn, line.Capital));
                        if (line.InterestOwed > 0)
                        {
                            var code = line.Kind == ChargeKind.Interest ? "certificate.line" : "certificate.interest";
                            reasons.Add(new Error(code, null, line.Concept, line.DueOn, line.InterestOwed));
                        }
                    }

                    return reasons;
                }

                if (standing.Missing is { } month) return new Error("certificate.rate", null, month);
                var (owner, document) = await OwnerAsync(db, apartmentId, token);
                var facts = new StandingFacts(
                    await PaperHead.ReadAsync(db, token), await PaperUnit.ReadAsync(db, apartmentId, token), clock.Now, cutOff, owner, document,
                    signatory, standing.NotYetDue);
                return await IssueAsync(db, CertificateKind.GoodStanding, apartmentId, cutOff, 0, facts, user, token);
            },
            ct
        );

    /// <summary>
    /// Certifies what an apartment owes today of common expenses, fines and the interest on them. Needs
    /// <see cref="Permissions.CollectionCertify"/>.
    /// </summary>
    /// <returns>Refused: <c>certificate.nothing</c>, <c>certificate.rate</c> (a month), <c>certificate.signatory</c>.</returns>
    public Task<Result<IssuedCertificate>> CertifyDebtAsync(long apartmentId, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<IssuedCertificate>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.CollectionCertify)) return Error.Forbidden;
                if (!await ApartmentLedger.LockAsync(db, apartmentId, token)) return Error.NotFound;
                if (await SignatoryAsync(db, token) is not { } signatory) return new Error("certificate.signatory");
                var today = clock.Today;
                var (all, missing) = await ApartmentDebt.ReadAsync(db, apartmentId, today, token);

                // Due on its day can still be paid in time: what can be demanded is what is past it.
                var lines = all.Where(l => (l.Blocks || l.Kind == ChargeKind.Fine) && l.Owed > 0
                    && (l.Kind == ChargeKind.Interest || Overdue.IsPast(l.DueOn, today))).ToList();
                if (lines.Count == 0) return new Error("certificate.nothing");
                if (missing is { } month) return new Error("certificate.rate", null, month);
                var months = lines.SelectMany(l => l.Interest).Select(d => BuildingClock.MonthOf(d.From)).Distinct().Order().ToList();
                var terms = await InterestTerms.ReadAsync(db, token);
                var rates = await db.InterestRates.AsNoTracking().Where(r => months.Contains(r.Month)).OrderBy(r => r.Month)
                    .ToListAsync(token);
                var (owner, document) = await OwnerAsync(db, apartmentId, token);
                var facts = new DebtFacts(
                    await PaperHead.ReadAsync(db, token), await PaperUnit.ReadAsync(db, apartmentId, token), clock.Now, today, owner, document,
                    signatory, lines,
                    rates.ConvertAll(r => new DebtRate(
                        r.Month, r.Certified, r.Assembly, r.Rate.Yearly, r.Rate.OfDay(terms?.Method ?? InterestMethod.Daily), r.Resolution)));
                return await IssueAsync(db, CertificateKind.Debt, apartmentId, today, facts.Total, facts, user, token);
            },
            ct
        );

    /// <summary>The certificates of an apartment whose account the person may see, the latest first; debt certificates for the office
    /// alone.</summary>
    public async Task<IReadOnlyList<CertificateLink>> OfApartmentAsync(long apartmentId, CurrentUser user, CancellationToken ct)
    {
        if (!user.MaySeeAccount(apartmentId)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await Visible(db, user).Where(c => c.ApartmentId == apartmentId).OrderByDescending(c => c.Id).Take(Shown)
            .Select(c => new CertificateLink(c.Id, c.Number, c.Kind, c.CutOff, c.IssuedOn, c.Total)).ToListAsync(ct);
    }

    private const int Shown = 20;

    /// <returns>Null where there is none in reach: debt certificates are the office's.</returns>
    public async Task<PrintedCertificate?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var found = await Visible(db, user).Where(c => c.Id == id)
            .Select(c => new
            {
                c.Number, c.VerificationCode, c.Kind, c.ApartmentId,
                Facts = db.IssuedPapers.Where(i => i.Number == c.Number).Select(i => i.Facts).First(),
            })
            .SingleOrDefaultAsync(ct);
        if (found is null || !user.MaySeeAccount(found.ApartmentId)) return null;
        return found.Kind == CertificateKind.Debt
            ? new PrintedCertificate(found.Number, found.VerificationCode, null, IssuedPaper.Read<DebtFacts>(found.Facts))
            : new PrintedCertificate(found.Number, found.VerificationCode, IssuedPaper.Read<StandingFacts>(found.Facts), null);
    }

    private static IQueryable<Certificate> Visible(PortalDb db, CurrentUser user)
    {
        var office = user.Can(Permissions.CollectionView) || user.Can(Permissions.CollectionCertify);
        return db.Certificates.AsNoTracking().Where(c => office || c.Kind == CertificateKind.GoodStanding);
    }

    private static bool MayAsk(CurrentUser user, long apartmentId) => user.Can(Permissions.CollectionCertify)
        || (user.Can(Permissions.PaymentsViewOwn) && user.OwnedApartmentIds.Contains(apartmentId));

    private static async Task<GoodStanding> StandingAsync(PortalDb db, long apartmentId, DateOnly cutOff, CancellationToken ct)
    {
        var (lines, missing) = await ApartmentDebt.ReadAsync(db, apartmentId, cutOff, ct);
        var owed = lines.Where(l => l.Blocks && (l.Capital > 0 || l.InterestOwed > 0)).ToList();
        return new GoodStanding(
            cutOff, owed.FindAll(l => l.DueOn <= cutOff || l.InterestOwed > 0), owed.FindAll(l => l.DueOn > cutOff && l.InterestOwed <= 0),
            missing);
    }

    private async Task<IssuedCertificate> IssueAsync<T>(
        PortalDb db, CertificateKind kind, long apartmentId, DateOnly cutOff, decimal total, T facts, CurrentUser user, CancellationToken ct)
    {
        // Last, because everybody who certifies waits for the number.
        var number = await Numbering.NextAsync(db, Certificate.Series(kind), clock.Today.Year, ct);
        var certificate = Certificate.Issue(kind, number, apartmentId, cutOff, total, clock.Today, user.AccountId);
        db.Certificates.Add(certificate);
        db.IssuedPapers.Add(IssuedPaper.Of(number, facts));
        await db.SaveChangesAsync(ct);
        return new IssuedCertificate(certificate.Id, number);
    }

    internal static async Task<Signatory?> SignatoryAsync(PortalDb db, CancellationToken ct)
    {
        var settings = BuildingSettings.From(
            await db.Settings.AsNoTracking().Where(s => s.Name.StartsWith("signatory_"))
                .ToDictionaryAsync(s => s.Name, s => s.Value, StringComparer.Ordinal, ct));
        return settings.SignatoryName.Trim() is { Length: > 0 } name ? new Signatory(name, settings.SignatoryRole.Trim()) : null;
    }

    /// <summary>Who answers for the apartment, with their document in full: a notary or a judge reads it.</summary>
    internal static async Task<(string? Name, string? Document)> OwnerAsync(PortalDb db, long apartmentId, CancellationToken ct)
    {
        var owner = await db.Apartments.AsNoTracking().Where(a => a.Id == apartmentId)
            .Select(a => db.Profiles.Where(f => f.UserId == a.Owner!.UserId).OrderBy(f => f.Id)
                .Select(f => new { f.FullName, Type = f.DocumentType!.Code, f.DocumentNumber }).FirstOrDefault())
            .SingleAsync(ct);
        return (owner?.FullName, string.IsNullOrWhiteSpace(owner?.DocumentNumber) ? null : $"{owner.Type} {owner.DocumentNumber}".Trim());
    }
}
