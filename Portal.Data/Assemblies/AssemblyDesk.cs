using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Assemblies;

/// <summary>
/// Takes an assembly through its steps, under its lock. Everything here needs <see cref="Permissions.AssembliesManage"/>.
/// </summary>
/// <remarks>Refusals of every step: <c>assembly.not_now</c> with the state in which it is.</remarks>
public sealed class AssemblyDesk(PortalStore store, BuildingClock clock)
{
    /// <summary>The series of numbers.</summary>
    public const string Series = "AS";

    public const int MostItems = 40;

    /// <summary>An assembly that has not been called, as its form has it.</summary>
    /// <returns>Null once it has, and out of reach.</returns>
    public async Task<AssemblyDraft?> DraftAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AssembliesManage)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var a = await db.Assemblies.AsNoTracking().Include(x => x.Items).SingleOrDefaultAsync(
            x => x.Id == id && x.State == AssemblyState.Draft, ct);
        return a is null
            ? null
            : new AssemblyDraft(
                a.Kind, a.Mode, a.CalledBy, a.Title, a.Place, a.MeetsAt, a.MostProxies,
                [
                    .. a.Items.OrderBy(i => i.Position)
                        .Select(i => new ItemDraft(i.Title, i.Text, i.Threshold, i.Basis, i.Article, i.Amount)),
                ],
                a.Revision);
    }

    /// <summary>Writes a draft.</summary>
    /// <returns>Its id. Refused: <c>stale</c> where somebody else wrote it meanwhile, and what is missing, an item's by
    /// its number.</returns>
    public async Task<Result<long>> SaveAsync(long? id, AssemblyDraft draft, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AssembliesManage)) return Error.Forbidden;
        if (Check(draft) is { Count: > 0 } errors) return errors;
        return await store.WriteAsync<long>(user, async (db, token) =>
        {
            Assembly? assembly;
            if (id is null)
            {
                assembly = Assembly.Draft(await Numbering.NextAsync(db, Series, draft.MeetsAt.Year, token), draft);
                db.Assemblies.Add(assembly);
            }
            else
            {
                assembly = await db.Assemblies.Where(a => a.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (assembly is null) return Error.NotFound;
                if (assembly.State == AssemblyState.Draft && assembly.Revision != draft.Revision) return Error.Stale;
                if (assembly.Write(draft) is { Ok: false } refused) return Result<long>.Refused(refused);
                db.AssemblyItems.RemoveRange(await db.AssemblyItems.Where(i => i.AssemblyId == id).ToListAsync(token));
            }

            await db.SaveChangesAsync(token);
            db.AssemblyItems.AddRange(draft.Items.Select((item, index) => AssemblyItem.Of(assembly.Id, index + 1, item)));
            await db.SaveChangesAsync(token);
            return assembly.Id;
        }, ct);
    }

    /// <summary>
    /// Calls it: who owes common expenses that day is written down, and every account that owns a unit is told, in the bell and by mail.
    /// </summary>
    /// <returns>Refused: <c>assembly.law.*</c> for what the law forbids (<see cref="AssemblyLaw"/>).</returns>
    public Task<Result> ConveneAsync(long id, CurrentUser user, CancellationToken ct) => StepAsync(id, user, async (db, assembly, token) =>
    {
        var items = await db.AssemblyItems.Where(i => i.AssemblyId == id).ToListAsync(token);
        if (assembly.State != AssemblyState.Draft) return assembly.NotNow;
        var broken = AssemblyLaw.Check(
                assembly.Kind, assembly.Mode, assembly.CalledBy, assembly.MeetsAt, assembly.CallNumber,
                items.Any(i => i.Threshold == VoteThreshold.Qualified), items.Count > 0, clock.Today)
            .Where(c => c.Verdict == LawVerdict.Broken).Select(c => new Error($"assembly.law.{c.Code}", null, c.Values)).ToList();
        if (broken.Count > 0) return broken;
        if (assembly.Convene(clock.UtcNow) is { Ok: false } refused) return refused;
        var today = clock.Today;
        var owing = await db.Charges.OverdueOn(today)
            .Where(c => c.Owed > 0 && (c.Kind == ChargeKind.Fee || c.Kind == ChargeKind.ExtraFee))
            .Select(c => c.ApartmentId)
            .Distinct().ToListAsync(token);
        var debtors = await db.Apartments.Where(a => owing.Contains(a.Id)).OrderBy(a => a.Id)
            .Select(a => new
            {
                a.Id,
                Owner = db.Profiles.Where(p => p.UserId == a.Owner!.UserId).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
            })
            .ToListAsync(token);
        db.AssemblyDebtors.AddRange(debtors.Select(d => new AssemblyDebtor { AssemblyId = id, ApartmentId = d.Id, Owner = d.Owner }));
        await JobQueue.AddAsync(db, AssemblyCall.JobKind, id, clock.UtcNow, $"assembly_call:{id}", token);
        return Result.Done;
    }, ct);

    /// <summary>
    /// Opens the register: coefficients and owners are as they are now until the end.
    /// </summary>
    /// <returns>Refused: <c>assembly.early</c> before its day, <c>assembly.sum</c> with what the coefficients add up to and by how much
    /// that misses 100, <c>assembly.unweighted</c> with how many units have none.</returns>
    public Task<Result> OpenAsync(long id, CurrentUser user, CancellationToken ct) => StepAsync(id, user, async (db, assembly, token) =>
    {
        if (assembly.State != AssemblyState.Convened) return assembly.NotNow;
        if (clock.Today < DateOnly.FromDateTime(assembly.MeetsAt)) return new Error("assembly.early", null, assembly.MeetsAt);
        var units = await db.Apartments.AsNoTracking().OrderBy(a => a.Tower!.Name).ThenBy(a => a.ApartmentNumber).ThenBy(a => a.Id)
            .Select(a => new
            {
                a.Id, Unit = UnitName.Of(a), a.OwnerId, a.Coefficient,
                Owner = db.Profiles.Where(p => p.UserId == a.Owner!.UserId).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
            })
            .ToListAsync(token);
        var without = units.Count(u => u.Coefficient is null or <= 0);
        if (without > 0) return new Error("assembly.unweighted", null, without);
        var total = units.Sum(u => u.Coefficient!.Value);
        if (Math.Abs(total - 100) > Coefficients.Tolerance(units.Select(u => u.Coefficient!.Value)))
            return new Error("assembly.sum", null, Digits(total), Digits(total - 100));
        if (assembly.Open(total, clock.UtcNow) is { Ok: false } refused) return refused;
        db.AssemblyUnits.AddRange(units.Select(u => new AssemblyUnit
        {
            AssemblyId = id, ApartmentId = u.Id, Unit = u.Unit, OwnerId = u.OwnerId, Owner = u.Owner, Coefficient = u.Coefficient!.Value,
        }));
        return Result.Done;
    }, ct);

    /// <summary>Adds an item while it meets: not to an extraordinary one, nor from afar, where the agenda binds.</summary>
    /// <returns>Refused: <c>assembly.binding</c> and what is missing.</returns>
    public Task<Result> AddItemAsync(
        long id, ItemDraft item, CurrentUser user, CancellationToken ct) => StepAsync(id, user, async (db, assembly, token) =>
    {
        if (assembly.State != AssemblyState.Open) return assembly.NotNow;
        if (assembly.Kind == AssemblyKind.Extraordinary || assembly.Mode != AssemblyMode.InPerson) return new Error("assembly.binding");
        var errors = new List<Error>();
        Check(errors, item, null);
        if (errors.Count > 0) return errors;
        var last = await db.AssemblyItems.Where(i => i.AssemblyId == id).MaxAsync(i => (int?)i.Position, token) ?? 0;
        if (last >= MostItems) return new Error("assembly.too_many_items", null, MostItems);
        db.AssemblyItems.Add(AssemblyItem.Of(id, last + 1, item));
        return Result.Done;
    }, ct);

    /// <summary>An item that is not voted was presented.</summary>
    public Task<Result> PresentAsync(
        long id, long itemId, CurrentUser user, CancellationToken ct) => StepAsync(id, user, async (db, assembly, token) =>
    {
        if (assembly.State != AssemblyState.Open) return assembly.NotNow;
        var item = await db.AssemblyItems.SingleOrDefaultAsync(i => i.Id == itemId && i.AssemblyId == id, token);
        if (item is null) return Error.NotFound;
        if (item.Threshold != VoteThreshold.Informative) return new Error("assembly.is_voted");
        item.Done(clock.UtcNow);
        return Result.Done;
    }, ct);

    /// <summary>
    /// There is nobody to decide: it ends, and the second call meets on the third business day after it, at 20:00 (art. 41).
    /// </summary>
    /// <returns>The second call. Refused: <c>assembly.has_quorum</c>, <c>assembly.no_third</c> for what is a second call already,
    /// <c>assembly.decided</c> where something was decided before people left: that needs its act.</returns>
    public async Task<Result<long>> AdjournAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AssembliesManage)) return Error.Forbidden;
        return await store.WriteAsync<long>(user, async (db, token) =>
        {
            if (await LockAsync(db, id, token) is not { } assembly) return Error.NotFound;
            if (assembly.CallNumber > 1) return new Error("assembly.no_third");
            await db.AssemblyItems.Where(i => i.AssemblyId == id).LoadAsync(token);
            var snapshot = await AssemblySnapshot.OfAsync(db, assembly, token);
            if (assembly.State == AssemblyState.Open && snapshot.Quorum.Reached) return new Error("assembly.has_quorum");
            if (snapshot.Running is not null) return new Error("assembly.vote_running");
            if (snapshot.Votes.Any(v => v.Standing == true)) return new Error("assembly.decided");
            if (assembly.Adjourn(clock.UtcNow) is { Ok: false } refused) return Result<long>.Refused(refused);
            var at = AssemblyDates.SecondCall(DateOnly.FromDateTime(assembly.MeetsAt));
            var second = Assembly.SecondOf(assembly, await Numbering.NextAsync(db, Series, at.Year, token), at, clock.UtcNow);
            db.Assemblies.Add(second);
            await db.SaveChangesAsync(token);
            await JobQueue.AddAsync(db, AssemblyCall.JobKind, second.Id, clock.UtcNow, $"assembly_call:{second.Id}", token);
            return second.Id;
        }, ct);
    }

    /// <summary>Gives it up before it meets. A draft is deleted.</summary>
    public Task<Result> CancelAsync(long id, CurrentUser user, CancellationToken ct) => StepAsync(id, user, async (db, assembly, token) =>
    {
        if (assembly.State == AssemblyState.Draft)
        {
            db.AssemblyItems.RemoveRange(await db.AssemblyItems.Where(i => i.AssemblyId == id).ToListAsync(token));
            db.Assemblies.Remove(assembly);
            return Result.Done;
        }

        if (assembly.Cancel() is { Ok: false } refused) return refused;
        await JobQueue.AddAsync(db, AssemblyCall.JobKind, id, clock.UtcNow, $"assembly_cancelled:{id}", token);
        return Result.Done;
    }, ct);

    /// <summary>It is over. Refused: <c>assembly.vote_running</c>.</summary>
    public Task<Result> CloseAsync(long id, CurrentUser user, CancellationToken ct) => StepAsync(id, user, async (db, assembly, token) =>
        await db.AssemblyVotes.AnyAsync(v => v.AssemblyId == id && v.Running == true, token)
            ? new Error("assembly.vote_running")
            : assembly.Close(clock.UtcNow), ct);

    internal static Task<Assembly?> LockAsync(PortalDb db, long id, CancellationToken ct) =>
        db.Assemblies.Where(a => a.Id == id).ForUpdate().SingleOrDefaultAsync(ct);

    /// <summary>A share as people write it, for words that would else take it for money.</summary>
    internal static string Digits(decimal number) => number.ToString("0.0000##", System.Globalization.CultureInfo.CurrentCulture);

    private Task<Result> StepAsync(
        long id, CurrentUser user, Func<PortalDb, Assembly, CancellationToken, Task<Result>> step, CancellationToken ct) =>
        !user.Can(Permissions.AssembliesManage)
            ? Task.FromResult<Result>(Error.Forbidden)
            : store.WriteAsync(
                user,
                async (db, token) => await LockAsync(db, id, token) is { } assembly ? await step(db, assembly, token) : Error.NotFound, ct);

    private List<Error> Check(AssemblyDraft draft)
    {
        var errors = new List<Error>();
        Text(errors, nameof(draft.Title), draft.Title, Assembly.LongestTitle);
        Text(errors, nameof(draft.Place), draft.Place, Assembly.LongestPlace);
        if (draft.MeetsAt <= clock.Now) errors.Add(new Error("assembly.past", nameof(draft.MeetsAt)));
        else if (draft.MeetsAt > clock.Now.AddYears(2)) errors.Add(new Error("assembly.far", nameof(draft.MeetsAt)));
        if (draft.MostProxies is < 1 or > 1_000) errors.Add(new Error("assembly.most_proxies", nameof(draft.MostProxies)));
        if (draft.Items.Count > MostItems) errors.Add(new Error("assembly.too_many_items", null, MostItems));
        foreach (var (index, item) in draft.Items.Index()) Check(errors, item, index + 1);
        return errors;
    }

    /// <param name="number">Of an item of a draft; null for one that is added.</param>
    private static void Check(List<Error> errors, ItemDraft item, int? number)
    {
        void Add(string code, params object?[] values) =>
            errors.Add(number is { } n ? new Error($"{code}.n", null, [n, .. values]) : new Error(code, "Title", values));

        if (string.IsNullOrWhiteSpace(item.Title)) Add("assembly.item_title");
        else if (item.Title.Trim().Length > AssemblyItem.LongestTitle) Add("assembly.item_long", AssemblyItem.LongestTitle);
        if (item.Text?.Trim().Length > AssemblyItem.LongestText) Add("assembly.item_long", AssemblyItem.LongestText);
        if (item.Article?.Trim().Length > AssemblyItem.LongestArticle) Add("assembly.item_long", AssemblyItem.LongestArticle);
        if (item.Amount is { } amount && (amount <= 0 || amount > 999_999_999_999m || decimal.Truncate(amount) != amount))
            Add("assembly.item_amount");
    }

    private static void Text(List<Error> errors, string field, string? text, int longest)
    {
        if (string.IsNullOrWhiteSpace(text)) errors.Add(Error.Required(field));
        else if (text.Trim().Length > longest) errors.Add(Error.TooLong(field, longest));
    }
}
