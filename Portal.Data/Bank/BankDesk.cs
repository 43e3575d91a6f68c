using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Ledger;
using Portal.Data.Payments;

namespace Portal.Data.Bank;

/// <summary>
/// Says what lines of the bank are, and takes it back. Each line is one transaction: of many that are confirmed together one that is
/// refused keeps no other. Locks, in this order: the account's bank, apartments by id, payments, charges, the books, the series of numbers.
/// Needs <see cref="Permissions.BankEdit"/> throughout, and what the act itself needs: payments their own, bookings
/// <see cref="Permissions.LedgerPost"/>.
/// </summary>
public sealed class BankDesk(PortalStore store, PaymentDesk payments, BuildingClock clock)
{
    /// <summary>Lines that are confirmed together.</summary>
    public const int MostLines = 500;

    /// <summary>Apartments that one line is for.</summary>
    public const int MostParts = 20;

    private const int LongestMemo = 200;

    /// <summary>Confirms what somebody ticked.</summary>
    /// <returns>What was done, and of each line that was refused why: <c>bank.line.done</c> with who was first and when,
    /// <c>bank.parts</c> where they are not what the line says, <c>bank.entry.taken</c>, <c>bank.account.payments</c>, and what payments
    /// and books refuse.</returns>
    public async Task<Result<Confirmed>> ConfirmAsync(IReadOnlyList<LineMatch> matches, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BankEdit)) return Error.Forbidden;
        if (matches.Count is 0 or > MostLines) return new Error("bank.lines.many", null, MostLines);
        var (lines, sum, receipts, refused) = (0, 0m, new List<string>(), new List<RefusedLine>());
        foreach (var match in matches)
        {
            var done = await store.WriteAsync<(decimal, List<string>)>(
                user, (db, token) => ConfirmAsync(db, match, user, token), ct);
            if (!done.Ok)
            {
                refused.Add(new RefusedLine(match.LineId, done.Error!));
                continue;
            }

            lines++;
            sum += done.Value.Item1;
            receipts.AddRange(done.Value.Item2);
        }

        return new Confirmed(lines, sum, receipts, refused);
    }

    /// <summary>Leaves a deposit that nobody knows in the books as nobody's, until it is assigned.</summary>
    /// <returns>Refused: <c>bank.line.done</c>, <c>bank.deposit.amount</c> where money went out or has cents.</returns>
    public Task<Result> LeaveAsync(long lineId, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BankEdit)) return Error.Forbidden;
                var held = await HoldAsync(db, lineId, token);
                if (!held.Ok) return held;
                var line = held.Value;
                if (line.Amount <= 0 || line.Amount != decimal.Truncate(line.Amount)) return new Error("bank.deposit.amount");
                var deposit = new UnidentifiedDeposit
                {
                    LineId = line.Id, AccountId = line.AccountId, Amount = line.Amount, ReceivedOn = line.Day, Memo = Memo(line),
                    MadeBy = user.AccountId,
                };
                db.UnidentifiedDeposits.Add(deposit);
                await db.SaveChangesAsync(token);
                var entry = await EntryOfAsync(db, JournalAct.Unidentified, deposit.Id, token);
                db.BankMatches.Add(Match(line, entry, line.Amount, MatchKind.Unidentified, user));
                return Result.Done;
            },
            ct
        );

    /// <summary>
    /// Gives a deposit, or a part of it, to the apartments that sent it: their payments count from the day the bank had it, and take their
    /// money from the deposit.
    /// </summary>
    /// <param name="parts">A payment that waits or an apartment each, with sums above zero.</param>
    /// <returns>Numbers of the receipts. Refused: <c>bank.deposit.assigned</c> with who was first, <c>bank.deposit.over</c> with what is
    /// left, <c>bank.parts</c>, and what payments refuse.</returns>
    public Task<Result<IReadOnlyList<string>>> AssignAsync(
        long depositId, IReadOnlyList<MatchPart> parts, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<IReadOnlyList<string>>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BankEdit)) return Error.Forbidden;
                if (parts.Count is 0 or > MostParts
                    || parts.Any(p => p.Amount <= 0 || p.PaymentId is null == p.ApartmentId is null || (p.EntryId ?? p.AccountId) is not null))
                    return new Error("bank.parts");
                var known = await db.UnidentifiedDeposits.AsNoTracking().Where(d => d.Id == depositId).Select(d => (int?)d.AccountId)
                    .SingleOrDefaultAsync(token);
                if (known is null || await BankAccounts.HoldAsync(db, known.Value, token) is null) return Error.NotFound;
                var deposit = await db.UnidentifiedDeposits.Include(d => d.Line).SingleAsync(d => d.Id == depositId, token);
                if (deposit.Live is null) return Error.Stale;
                var left = await db.UnidentifiedDeposits.Where(d => d.Id == depositId).Left(db).Select(d => (decimal?)d.Left)
                    .SingleOrDefaultAsync(token) ?? 0;
                if (left == 0) return await AssignedAsync(db, depositId, token);
                if (parts.Sum(p => p.Amount) > left) return new Error("bank.deposit.over", null, left);
                var paid = await PayAsync(db, deposit.Line!, parts, deposit, user, token);
                if (!paid.Ok) return Result<IReadOnlyList<string>>.Refused(paid);
                return paid.Value.ConvertAll(p => p.Receipt);
            },
            ct
        );

    /// <summary>
    /// A line is not what somebody said: what it only was linked to stays in the books, a payment that it confirmed is voided as the
    /// building's own mistake, what was booked is reversed. While its month is open.
    /// </summary>
    /// <param name="reason">Stands in the void and in the books.</param>
    /// <returns>Refused: <c>bank.line.open</c>, <c>bank.closed</c> with the month that is reconciled, <c>bank.month.closed</c> with the
    /// last closed day of the books, <c>bank.deposit.given</c> where payments took of it, and what voids and reversals refuse.</returns>
    public Task<Result> TakeBackAsync(long lineId, string? reason, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BankEdit)) return Error.Forbidden;
                if (reason.TrimToNull() is not { } why) return Error.Required("Reason");
                if (why.Length > LongestMemo) return Error.TooLong("Reason", LongestMemo);
                var account = await db.BankLines.Where(l => l.Id == lineId).Select(l => (int?)l.AccountId).SingleOrDefaultAsync(token);
                if (account is null || await BankAccounts.HoldAsync(db, account.Value, token) is null) return Error.NotFound;
                var line = await db.BankLines.AsNoTracking().SingleAsync(l => l.Id == lineId, token);
                var month = BuildingClock.MonthOf(line.Day);
                if ((await BankAccounts.ClosedAsync(db, line.AccountId, token)).Contains(month)) return new Error("bank.closed", null, month);
                var matches = await db.BankMatches.Include(m => m.Entry).Where(m => m.LineId == lineId && m.Live == true)
                    .OrderBy(m => m.Id).ToListAsync(token);
                if (matches.Count == 0) return new Error("bank.line.open");
                var closed = await db.LedgerState.Select(s => s.ClosedThrough).SingleAsync(token);
                if (matches.Any(m => m.How != MatchKind.Linked && m.Entry!.PostedOn <= closed))
                    return new Error("bank.month.closed", null, closed);
                // As where it was confirmed: apartments by id, before anything of one of them is written.
                var paid = matches.Select(m => m.PaymentId).OfType<long>().ToList();
                var apartments = await db.Payments.Where(p => paid.Contains(p.Id)).Select(p => p.ApartmentId!.Value).Distinct().Order()
                    .ToListAsync(token);
                foreach (var apartment in apartments) await ApartmentLedger.LockAsync(db, apartment, token);
                foreach (var match in matches)
                {
                    if (await UndoAsync(db, match, why, user, token) is { Ok: false } refused) return refused;
                }

                await db.SaveChangesAsync(token);
                return Result.Done;
            },
            ct
        );

    private async Task<Result<(decimal, List<string>)>> ConfirmAsync(
        PortalDb db, LineMatch match, CurrentUser user, CancellationToken ct)
    {
        var held = await HoldAsync(db, match.LineId, ct);
        if (!held.Ok) return Result<(decimal, List<string>)>.Refused(held);
        var line = held.Value;
        var parts = match.Parts;
        if (parts.Count is 0 or > MostParts || parts.Sum(p => p.Amount) != line.Amount || parts.Any(p => Math.Sign(p.Amount) != Math.Sign(line.Amount))
            || parts.Any(p => new object?[] { p.PaymentId, p.ApartmentId, p.EntryId, p.AccountId }.Count(id => id is not null) != 1))
            return new Error("bank.parts");
        var paying = parts.Where(p => p.PaymentId is not null || p.ApartmentId is not null).ToList();
        if (paying.Count > 0 && (line.Amount < 0 || line.Account!.Purpose != AccountPurpose.Bank)) return new Error("bank.account.payments");
        List<string> receipts = [];
        if (paying.Count > 0)
        {
            var paid = await PayAsync(db, line, paying, null, user, ct);
            if (!paid.Ok) return Result<(decimal, List<string>)>.Refused(paid);
            foreach (var payment in paid.Value)
            {
                var entry = await EntryOfAsync(db, JournalAct.Payment, payment.Id, ct);
                db.BankMatches.Add(Match(line, entry, payment.Applied + payment.Credit, MatchKind.Payment, user, payment.Id));
                receipts.Add(payment.Receipt);
            }
        }

        foreach (var part in parts)
        {
            if (part.EntryId is { } known)
            {
                if (await WhyNotLinkedAsync(db, line, known, part.Amount, ct) is { } refused) return refused;
                db.BankMatches.Add(Match(line, known, part.Amount, MatchKind.Linked, user));
            }
            else if (part.AccountId is { } other)
            {
                if (!user.Can(Permissions.LedgerPost)) return Error.Forbidden;
                var cost = await db.LedgerAccounts.AnyAsync(a => a.Id == other && a.Purpose == AccountPurpose.BankCosts, ct);
                var (debit, credit) = line.Amount > 0 ? (line.AccountId, other) : (other, line.AccountId);
                var booked = await LedgerDesk.BookAsync(
                    db, cost && line.Amount < 0 ? JournalAct.BankCost : JournalAct.Manual, line.Day, Memo(line), debit, credit,
                    Math.Abs(part.Amount), clock, ct);
                if (!booked.Ok) return Result<(decimal, List<string>)>.Refused(booked);
                db.BankMatches.Add(Match(line, booked.Value.EntryId, part.Amount, MatchKind.Booked, user));
            }
        }

        // The keys have the last word: of two links to one entry the second is refused.
        await db.SaveChangesAsync(ct);
        return (line.Amount, receipts);
    }

    /// <summary>Payments of some apartments out of one sum: those that wait are confirmed, the others written down.</summary>
    private async Task<Result<List<ConfirmedPayment>>> PayAsync(
        PortalDb db, BankLine line, IReadOnlyList<MatchPart> parts, UnidentifiedDeposit? deposit, CurrentUser user, CancellationToken ct)
    {
        var waiting = parts.Select(p => p.PaymentId).OfType<long>().ToList();
        var known = await db.Payments.AsNoTracking().Where(p => waiting.Contains(p.Id))
            .Select(p => new { p.Id, p.ApartmentId, p.Amount }).ToDictionaryAsync(p => p.Id, ct);
        var sorted = parts.Select(p => (Part: p, Apartment: p.ApartmentId ?? known.GetValueOrDefault(p.PaymentId!.Value)?.ApartmentId ?? 0))
            .OrderBy(p => p.Apartment).ToList();
        foreach (var (part, apartment) in sorted)
        {
            if (part.PaymentId is { } id && (!known.TryGetValue(id, out var found) || found.Amount != part.Amount)) return new Error("bank.parts");
            if (apartment > 0) await ApartmentLedger.LockAsync(db, apartment, ct);
        }

        List<ConfirmedPayment> done = [];
        foreach (var (part, apartment) in sorted)
        {
            var paid = part.PaymentId is { } id
                ? await payments.ConfirmInAsync(db, id, line.Day, deposit, user, ct)
                : await payments.RecordInAsync(
                    db,
                    new PaymentInput(
                        apartment, 0, part.Amount, Method(line), Cut(line.Reference.Length > 0 ? line.Reference : line.Text, PaymentRules.LongestReference),
                        line.Day, null, null),
                    deposit, user, ct);
            if (!paid.Ok) return Result<List<ConfirmedPayment>>.Refused(paid);
            // What the books say of it is asked for next.
            await db.SaveChangesAsync(ct);
            done.Add(paid.Value);
        }

        return done;
    }

    private async Task<Result> UndoAsync(PortalDb db, BankMatch match, string why, CurrentUser user, CancellationToken ct)
    {
        switch (match.How)
        {
            case MatchKind.Payment:
                var voided = await payments.VoidInAsync(db, match.PaymentId!.Value, why, new VoidTerms(Ours: true), user, ct);
                if (!voided.Ok) return voided;
                break;
            case MatchKind.Booked:
                if (!user.Can(Permissions.LedgerPost)) return Error.Forbidden;
                var reversed = await LedgerDesk.ReverseInAsync(db, match.EntryId, why, clock, ct);
                if (!reversed.Ok) return reversed;
                break;
            case MatchKind.Unidentified:
                var deposit = await db.UnidentifiedDeposits.SingleAsync(d => d.LineId == match.LineId && d.Live == true, ct);
                if (await db.Payments.AnyAsync(p => p.DepositId == deposit.Id && p.StatusId == PaymentState.Paid, ct))
                    return new Error("bank.deposit.given");
                deposit.TakeBack(user.AccountId, clock.UtcNow);
                break;
        }

        match.TakeBack(user.AccountId, clock.UtcNow);
        return Result.Done;
    }

    /// <summary>The line, under the lock of its account; refused where it is in the books already.</summary>
    private async Task<Result<BankLine>> HoldAsync(PortalDb db, long lineId, CancellationToken ct)
    {
        var account = await db.BankLines.Where(l => l.Id == lineId).Select(l => (int?)l.AccountId).SingleOrDefaultAsync(ct);
        if (account is null || await BankAccounts.HoldAsync(db, account.Value, ct) is null) return Error.NotFound;
        var first = await db.BankMatches.AsNoTracking().Where(m => m.LineId == lineId && m.Live == true).OrderBy(m => m.Id)
            .Select(m => new
            {
                m.CreatedAt, By = db.Profiles.Where(p => p.UserId == m.MadeBy).Select(p => p.FullName).FirstOrDefault(),
            }).FirstOrDefaultAsync(ct);
        if (first is not null) return new Error("bank.line.done", null, first.By ?? "", first.CreatedAt is { } at ? clock.ToWall(at) : null);
        return await db.BankLines.Include(l => l.Account).SingleAsync(l => l.Id == lineId, ct);
    }

    private static async Task<Error?> WhyNotLinkedAsync(PortalDb db, BankLine line, long entryId, decimal amount, CancellationToken ct)
    {
        var moved = await db.JournalLines.Where(l => l.EntryId == entryId && l.AccountId == line.AccountId)
            .SumAsync(l => (decimal?)(l.Debit - l.Credit), ct);
        if (moved is null) return Error.NotFound;
        if (moved != amount) return new Error("bank.parts");
        return await db.BankMatches.AnyAsync(m => m.EntryId == entryId && m.AccountId == line.AccountId && m.Live == true, ct)
            ? new Error("bank.entry.taken")
            : null;
    }

    private static async Task<Error> AssignedAsync(PortalDb db, long depositId, CancellationToken ct)
    {
        var last = await db.Payments.AsNoTracking().Where(p => p.DepositId == depositId && p.StatusId == PaymentState.Paid)
            .OrderByDescending(p => p.ConfirmedAt).ThenByDescending(p => p.Id)
            .Select(p => new { p.ReceiptNumber, By = db.Profiles.Where(f => f.UserId == p.ConfirmedBy).Select(f => f.FullName).FirstOrDefault() })
            .FirstOrDefaultAsync(ct);
        return new Error("bank.deposit.assigned", null, last?.By ?? "", last?.ReceiptNumber ?? "");
    }

    private static Task<long> EntryOfAsync(PortalDb db, JournalAct act, long source, CancellationToken ct) =>
        db.JournalEntries.Where(e => e.Act == act && e.SourceId == source).MaxAsync(e => e.Id, ct);

    private static BankMatch Match(BankLine line, long entry, decimal amount, MatchKind how, CurrentUser user, long? payment = null) => new()
    {
        LineId = line.Id, AccountId = line.AccountId, EntryId = entry, PaymentId = payment, Amount = amount, How = how,
        MadeBy = user.AccountId,
    };

    private static int Method(BankLine line) =>
        line.Text.Contains("PSE", StringComparison.OrdinalIgnoreCase) ? PaymentRules.Pse : PaymentRules.Transfer;

    private static string Memo(BankLine line)
    {
        var memo = $"{line.Text} {line.Reference}".Trim();
        return memo.Length == 0 ? line.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : Cut(memo, LongestMemo);
    }

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..longest];
}
