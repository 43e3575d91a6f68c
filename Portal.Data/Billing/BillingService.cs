using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Expenses;
using Portal.Data.People;

namespace Portal.Data.Billing;

/// <summary>Reads what the building charges month by month. Posting is <see cref="BillingDesk"/>'s.</summary>
public sealed class BillingService(PortalStore store, BuildingClock clock)
{
    /// <summary>How many names stand as examples of a note.</summary>
    private const int MostExamples = 3;

    /// <summary>What can be charged for a month and what was. Needs <see cref="Permissions.BillingView"/>; null without it.</summary>
    public async Task<BillingMonth?> MonthAsync(DateOnly period, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BillingView)) return null;
        period = BuildingClock.MonthOf(period);
        await using var db = await store.OpenAsync(user, ct);
        var runs = await BillingQueries.Rows(db, db.BillingRuns.AsNoTracking().Where(r => r.Period == period).OrderBy(r => r.Id), clock)
            .ToListAsync(ct);
        return new BillingMonth(
            period, Concepts(await BillingQueries.RunnableAsync(db, ct), runs, await BillingQueries.EarlierAsync(db, period, ct)),
            runs.FindAll(r => !r.Live));
    }

    /// <summary>Every run, the latest first. Needs <see cref="Permissions.BillingView"/>; empty without it.</summary>
    public async Task<Page<RunRow>> RunsAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BillingView)) return Page<RunRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var runs = db.BillingRuns.AsNoTracking();
        if (query.FilterDate("period") is { } period) runs = runs.Where(r => r.Period == period);
        if (query.FilterNumber("concept") is { } concept) runs = runs.Where(r => r.ConceptId == concept);
        return await BillingQueries.Rows(db, runs.OrderByDescending(r => r.Id), clock).PageAsync(query, ct);
    }

    /// <summary>
    /// What posting these concepts for a month will charge to whom. The filter <c>show</c> is <c>changed</c> or <c>exceptions</c>.
    /// Needs <see cref="Permissions.BillingView"/>; null without it.
    /// </summary>
    public async Task<BillingPreview?> PreviewAsync(
        DateOnly period, IReadOnlyList<int> conceptIds, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BillingView)) return null;
        period = BuildingClock.MonthOf(period);
        await using var db = await store.OpenAsync(user, ct);
        var sheet = await SheetAsync(db, period, conceptIds, ct);
        var rows = sheet.Rows;
        if (query.Filter("show") == "changed") rows = rows.FindAll(r => r.Notes.HasFlag(BillingNotes.Changed));
        else if (query.Filter("show") == "exceptions") rows = rows.FindAll(r => IsException(r.Notes));
        if (!string.IsNullOrWhiteSpace(query.Search))
        {
            var found = (await (await UnitSearch.ReadAsync(db, query.Search, ct)).Beginning(db).Select(a => a.Id).ToListAsync(ct))
                .ToHashSet();
            var people = await db.AccountsNamedAsync(query.Search, ListQuery.LargestPage, ct);
            if (people.Count > 0)
                found.UnionWith(await db.Apartments.Where(a => people.Contains(a.Owner!.UserId)).Select(a => a.Id).ToListAsync(ct));
            rows = rows.FindAll(r => found.Contains(r.ApartmentId));
        }

        var size = Math.Clamp(query.Size, 1, ListQuery.LargestPage);
        var page = Math.Clamp(query.Page, 1, Math.Max(1, (rows.Count + size - 1) / size));
        var shown = rows.Skip((page - 1) * size).Take(size).ToList();
        var accounts = await db.Concepts.Where(c => conceptIds.Contains(c.Id)).Select(c => c.IncomeAccountId).ToListAsync(ct);
        return sheet.Preview with
        {
            Rows = new Page<PreviewRow>(await NamedAsync(db, shown, ct), rows.Count),
            Budget = await Budgets.OfMonthAsync(db, period, accounts, ct),
        };
    }

    /// <summary>Every row of the preview, in its order: what an export writes. Empty without
    /// <see cref="Permissions.BillingView"/>.</summary>
    public async Task<IReadOnlyList<PreviewRow>> ExportAsync(
        DateOnly period, IReadOnlyList<int> conceptIds, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BillingView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await NamedAsync(db, (await SheetAsync(db, BuildingClock.MonthOf(period), conceptIds, ct)).Rows, ct);
    }

    private async Task<(BillingPreview Preview, List<PreviewRow> Rows)> SheetAsync(
        PortalDb db, DateOnly period, IReadOnlyList<int> conceptIds, CancellationToken ct)
    {
        var runs = await BillingQueries.Rows(db, db.BillingRuns.AsNoTracking().Where(r => r.Period == period), clock).ToListAsync(ct);
        var earlier = await BillingQueries.EarlierAsync(db, period, ct);
        var concepts = (await BillingQueries.RunnableAsync(db, ct)).FindAll(c =>
            conceptIds.Contains(c.Id) && !earlier.ContainsKey(c.Kind) && !runs.Exists(r => r.Live && r.ConceptId == c.Id));
        var plan = await BillingQueries.PlanAsync(db, concepts, period, ct);
        var ids = concepts.ConvertAll(c => c.Id);
        var (last, kinds) = (period.AddMonths(-1), concepts.ConvertAll(c => c.Kind));

        // Charges of before name no concept: those of the kind are taken for it.
        var before = await db.Charges.AsNoTracking()
            .Where(c => c.Period == last && c.Status != Payments.ChargeState.Cancelled
                && (c.ConceptId == null ? kinds.Contains(c.Kind) : ids.Contains(c.ConceptId.Value)))
            .GroupBy(c => new { c.ApartmentId, c.ConceptId, c.Kind })
            .Select(g => new { g.Key.ApartmentId, g.Key.ConceptId, g.Key.Kind, Sum = g.Sum(c => c.Amount) })
            .ToListAsync(ct);
        var credits = await BillingQueries.CreditsAsync(db, ct);
        var index = ids.Select((id, i) => (id, i)).ToDictionary(p => p.id, p => p.i);
        var amounts = plan.Charges.GroupBy(c => c.Apartment.Id).ToDictionary(g => g.Key, g =>
        {
            var own = new decimal[ids.Count];
            foreach (var charge in g) own[index[charge.Concept.Id]] += charge.Amount;
            return own;
        });
        var was = before.GroupBy(b => b.ApartmentId).ToDictionary(g => g.Key, g => g.Sum(b => b.Sum));
        var rows = new List<PreviewRow>();
        foreach (var apartment in plan.Apartments)
        {
            var own = amounts.GetValueOrDefault(apartment.Id) ?? new decimal[ids.Count];
            var (total, month) = (own.Sum(), was.GetValueOrDefault(apartment.Id));
            if (was.Count > 0 && total != month) plan.Note(apartment, BillingNotes.Changed);
            var credit = Math.Min(credits.GetValueOrDefault(apartment.Id), total);
            if (credit > 0) plan.Note(apartment, BillingNotes.Credit);
            var notes = plan.NotesOf(apartment.Id);
            if (total == 0 && month == 0 && !IsException(notes)) continue;
            rows.Add(new PreviewRow(apartment.Id, UnitName.Of(apartment.Tower, apartment.Number), null, own, total, month, notes, credit));
        }

        rows = [.. rows.OrderByDescending(r => IsException(r.Notes))];
        var issued = BillingQueries.IssuedOn(period, clock.Today);
        var shared = concepts.FindAll(c => c.Basis == ConceptBasis.Coefficient);
        BillingNotes[] kept =
        [
            BillingNotes.NoOwner, BillingNotes.NoCoefficient, BillingNotes.NoAmount, BillingNotes.NoReading, BillingNotes.Exempt,
            BillingNotes.Credit,
        ];
        return (new BillingPreview(
            period, Concepts(concepts, runs, earlier), Page<PreviewRow>.Empty, rows.Count,
            rows.Count(r => r.Notes.HasFlag(BillingNotes.Changed)),
            rows.Count(r => IsException(r.Notes)),
            ids.ConvertAll(id => plan.Charges.Where(c => c.Concept.Id == id).Sum(c => c.Amount)),
            concepts.ConvertAll(c => before.Where(b => b.ConceptId == c.Id || (b.ConceptId is null && b.Kind == c.Kind)).Sum(b => b.Sum)),
            plan.Charges.Count, shared.Count == 0 ? null : plan.Apartments.Sum(a => a.Coefficient ?? 0),
            shared.Sum(c => Spare(c, plan)), rows.Sum(r => r.Credit), rows.Count(r => r.Credit > 0), issued,
            concepts.ConvertAll(c => BillingQueries.DueOn(c, period, issued)),
            kept.ToDictionary(n => n, n => rows.Count(r => r.Notes.HasFlag(n))),
            kept.ToDictionary(
                n => n, IReadOnlyList<string> (n) => [.. rows.Where(r => r.Notes.HasFlag(n)).Take(MostExamples).Select(r => r.Unit)])),
                    rows);
    }

    /// <summary>How many pesos did not divide.</summary>
    private static int Spare(Concept concept, BillingPlan plan)
    {
        var parts = plan.Charges.Where(c => c.Concept.Id == concept.Id).ToList();
        var (total, all) = (parts.Sum(p => p.Amount), parts.Sum(p => p.Apartment.Coefficient ?? 0));
        return all == 0 ? 0 : (int)(total - parts.Sum(p => decimal.Floor(total * p.Apartment.Coefficient!.Value / all)));
    }

    /// <summary>What one looks at before posting; that an apartment pays more than before, or has credit, is none.</summary>
    private static bool IsException(BillingNotes notes) => (notes & ~(BillingNotes.Changed | BillingNotes.Credit)) != BillingNotes.None;

    private static List<RunConcept> Concepts(List<Concept> concepts, List<RunRow> runs, Dictionary<Payments.ChargeKind, int> earlier) =>
        concepts.ConvertAll(c => new RunConcept(
            c.Id, c.Name, c.Kind, c.Basis, c.Amount, runs.Find(r => r.Live && r.ConceptId == c.Id), earlier.GetValueOrDefault(c.Kind)));

    private static async Task<IReadOnlyList<PreviewRow>> NamedAsync(PortalDb db, List<PreviewRow> rows, CancellationToken ct)
    {
        var names = new Dictionary<long, string?>();
        foreach (var some in rows.Select(r => r.ApartmentId).Chunk(2_000))
        {
            foreach (var one in await db.Apartments.AsNoTracking().Where(a => some.Contains(a.Id))
                .Select(a => new
                {
                    a.Id,
                    Owner = db.Profiles.Where(f => f.UserId == a.Owner!.UserId).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault(),
                })
                .ToListAsync(ct))
                names[one.Id] = one.Owner;
        }

        return rows.ConvertAll(r => r with { Owner = names.GetValueOrDefault(r.ApartmentId) });
    }
}
