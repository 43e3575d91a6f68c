using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Portal.Data.Bank;
using Portal.Data.Billing;
using Portal.Data.Expenses;
using Portal.Data.FirstDay;
using Portal.Data.OnlinePayments;
using Portal.Data.Payments;

namespace Portal.Data.Ledger;

/// <summary>
/// What one save means for the books: taken from what it changes of charges, payments, applications and adjustments before it happens, and
/// written beside it in the same transaction and trip. So whatever changes an apartment's account, by whatever way, moves the books by the
/// same pesos; no write has to remember it. What no row of these tables tells (transfers, entries by hand) is posted by
/// <see cref="Journal"/>.
/// </summary>
internal sealed class JournalTrail
{
    private readonly Chart _chart;
    private readonly List<Draft> _drafts = [];

    private JournalTrail(Chart chart) => _chart = chart;

    /// <returns>Null where nothing moves the books.</returns>
    public static async Task<JournalTrail?> CaptureAsync(PortalDb db, CancellationToken ct)
    {
        var (charges, payments, applications, adjustments) = Changed(db);
        var refunds = db.ChangeTracker.Entries<Refund>().Where(e => e.State == EntityState.Added).ToList();
        var deposits = db.ChangeTracker.Entries<UnidentifiedDeposit>()
            .Where(e => e.State == EntityState.Added || (e.State == EntityState.Modified && e.Property(d => d.Live).IsModified)).ToList();
        var expenses = db.ChangeTracker.Entries<Expense>().Where(e => Posted(e) is not null).ToList();
        var outlays = db.ChangeTracker.Entries<ExpensePayment>()
            .Where(e => e.State == EntityState.Added || Modified(e, nameof(ExpensePayment.VoidedAt))).ToList();
        var settlements = db.ChangeTracker.Entries<OnlineSettlement>().Where(e => e.State == EntityState.Added).ToList();
        var imports = db.ChangeTracker.Entries<Import>().Where(e => e.State == EntityState.Added && e.Entity.Debts.Count > 0).ToList();
        if (charges.Count + payments.Count + applications.Count + adjustments.Count + refunds.Count + expenses.Count
            + outlays.Count + deposits.Count + settlements.Count + imports.Count == 0)
            return null;
        var trail = new JournalTrail(await Chart.ReadAsync(db, ct));
        await trail.PaymentsAsync(db, payments, applications, ct);
        trail.Charges(db, charges, adjustments);
        trail.Refunds(refunds);
        trail.Imports(imports);
        await trail.DepositsAsync(db, deposits, ct);
        await trail.ExpensesAsync(db, expenses, ct);
        await trail.ExpensePaymentsAsync(db, outlays, ct);
        trail.Settlements(settlements);
        trail._drafts.RemoveAll(draft => draft.Lines.Count == 0);
        return trail._drafts.Count == 0 ? null : trail;
    }

    /// <summary>Adds the entries to what goes to the server, now that the database has given the new rows their ids.</summary>
    public void Write(SqlBatch batch, PortalDb db)
    {
        foreach (var draft in _drafts) draft.Write(batch, db, _chart);
    }

    private static (List<EntityEntry<Charge>>, List<EntityEntry<Payment>>, List<EntityEntry<PaymentApplication>>,
        List<EntityEntry<ChargeAdjustment>>) Changed(PortalDb db)
    {
        List<EntityEntry<Charge>> charges = [];
        List<EntityEntry<Payment>> payments = [];
        List<EntityEntry<PaymentApplication>> applications = [];
        List<EntityEntry<ChargeAdjustment>> adjustments = [];

        // The audit trail has just looked for changes.
        foreach (var entry in db.ChangeTracker.Entries())
        {
            switch (entry.Entity)
            {
                case Charge when entry.State == EntityState.Added || Modified(entry, nameof(Charge.Status), nameof(Charge.Amount),
                    nameof(Charge.Adjusted), nameof(Charge.Paid)):
                    charges.Add(db.Entry((Charge)entry.Entity));
                    break;
                case Payment payment when (entry.State == EntityState.Added && payment.StatusId == PaymentState.Paid)
                    || Modified(entry, nameof(Payment.StatusId)):
                    payments.Add(db.Entry(payment));
                    break;
                case PaymentApplication when entry.State == EntityState.Added || Modified(entry, nameof(PaymentApplication.Reversed)):
                    applications.Add(db.Entry((PaymentApplication)entry.Entity));
                    break;
                case ChargeAdjustment when entry.State == EntityState.Added:
                    adjustments.Add(db.Entry((ChargeAdjustment)entry.Entity));
                    break;
            }
        }

        return (charges, payments, applications, adjustments);
    }

    private static bool Modified(EntityEntry entry, params string[] names) =>
        entry.State == EntityState.Modified && names.Any(name => entry.Property(name).IsModified);

    /// <summary>
    /// A confirmed payment is money in the bank and credit of its apartment; applying it turns credit into what is no longer owed. Within
    /// one entry the two meet, so that a receipt reads bank against fees.
    /// </summary>
    private async Task PaymentsAsync(
        PortalDb db, List<EntityEntry<Payment>> payments, List<EntityEntry<PaymentApplication>> applications, CancellationToken ct)
    {
        var drafts = new Dictionary<Payment, Draft>(ReferenceEqualityComparer.Instance);
        foreach (var entry in payments)
        {
            var payment = entry.Entity;
            var was = entry.State == EntityState.Added ? PaymentState.Pending : entry.Property(p => p.StatusId).OriginalValue;
            if ((payment.StatusId == PaymentState.Paid) == (was == PaymentState.Paid)) continue;
            var money = _chart.MoneyOf(payment);
            var draft = payment.StatusId == PaymentState.Paid
                ? new Draft(JournalAct.Payment, () => entry.Property(p => p.Id).CurrentValue, payment.PaymentDate, Memo(payment))
                : new Draft(JournalAct.Void, () => entry.Property(p => p.Id).CurrentValue, db.Building.Today, Memo(payment))
                {
                    Reverses = JournalAct.Payment,
                };
            var sign = payment.StatusId == PaymentState.Paid ? 1 : -1;
            draft.Move(money, null, sign * payment.Amount);
            draft.Move(_chart[AccountPurpose.Credits], payment.ApartmentId, -sign * payment.Amount);
            drafts[payment] = draft;
            _drafts.Add(draft);
        }

        foreach (var entry in applications)
        {
            var application = entry.Entity;
            var payment = application.Payment ?? await db.Payments.FindAsync([application.PaymentId], ct);
            var charge = application.Charge ?? await db.Charges.FindAsync([application.ChargeId], ct);
            if (payment is null || charge is null || (entry.State == EntityState.Added && application.Reversed)) continue;
            if (!drafts.TryGetValue(payment, out var draft))
            {
                draft = new Draft(
                    JournalAct.Credit, () => db.Entry(payment).Property(p => p.Id).CurrentValue, db.Building.Today, Memo(payment));
                drafts[payment] = draft;
                _drafts.Add(draft);
            }

            var applied = entry.State == EntityState.Added ? application.Amount : -application.Amount;
            draft.Move(_chart[AccountPurpose.Credits], charge.ApartmentId, applied);
            draft.Move(_chart.ReceivableOf(charge), charge.ApartmentId, -applied);
        }
    }

    /// <summary>
    /// What a charge says is owed is income; where it is cancelled only what was paid of it stays. Adjustments name their own account; a
    /// run is one entry.
    /// </summary>
    private void Charges(PortalDb db, List<EntityEntry<Charge>> charges, List<EntityEntry<ChargeAdjustment>> adjustments)
    {
        var adjusted = adjustments.ToLookup(a => a.Entity.Charge ?? charges.First(c => c.Entity.Id == a.Entity.ChargeId).Entity,
            ReferenceEqualityComparer.Instance);
        var runs = new Dictionary<object, Draft>();
        foreach (var entry in charges)
        {
            var charge = entry.Entity;
            var isNew = entry.State == EntityState.Added;
            var before = isNew ? 0 : Income(
                entry.Property(c => c.Status).OriginalValue, entry.Property(c => c.Amount).OriginalValue,
                entry.Property(c => c.Adjusted).OriginalValue, entry.Property(c => c.Paid).OriginalValue);
            var change = Income(charge.Status, charge.Amount, charge.Adjusted, charge.Paid) - before;
            var receivable = _chart.ReceivableOf(charge);
            foreach (var adjustment in adjusted[charge])
            {
                var made = adjustment.Entity;
                var draft = new Draft(
                    JournalAct.Adjustment, () => adjustment.Property(a => a.Id).CurrentValue, made.MadeOn,
                    Cut($"{made.Reason}: {charge.Concept}"));
                draft.Move(receivable, charge.ApartmentId, made.Amount);
                draft.Move(
                    made.FromFund ? _chart.ScholarshipFund
                    : made.Kind == AdjustmentKind.Discount ? _chart[AccountPurpose.Discounts] : _chart.IncomeOf(charge),
                    null, -made.Amount);
                if (made.FromFund)
                {
                    // What the fund pays comes out of its bank into the building's.
                    draft.Move(_chart[AccountPurpose.Bank], null, -made.Amount);
                    draft.Move(_chart.ScholarshipBank, null, made.Amount);
                }

                _drafts.Add(draft);
                change -= made.Amount;
            }

            if (change == 0) continue;
            Draft main;
            if (charge.Run is { } run || charge.RunId is not null)
            {
                // Of a run that is undone, as of one that is posted, one entry.
                var key = (object?)charge.Run ?? charge.RunId!;
                if (!runs.TryGetValue(key, out main!))
                {
                    main = isNew
                        ? new Draft(JournalAct.Run, () => entry.Property(c => c.RunId).CurrentValue ?? 0, charge.IssuedOn,
                            Cut(RunMemo(charge)))
                        : new Draft(
                            JournalAct.Cancellation, () => entry.Property(c => c.Id).CurrentValue, db.Building.Today, Cut(RunMemo(charge)));
                    runs[key] = main;
                    _drafts.Add(main);
                }
            }
            else
            {
                main = new Draft(
                    isNew ? JournalAct.Charge : JournalAct.Cancellation, () => entry.Property(c => c.Id).CurrentValue,
                    isNew ? charge.IssuedOn : db.Building.Today, Cut(charge.Concept));
                _drafts.Add(main);
            }

            main.Move(receivable, charge.ApartmentId, change);
            main.Move(_chart.IncomeOf(charge), null, -change);
        }
    }

    /// <summary>What a file brings of debts opens the books of its apartments in one entry, on the day it speaks of. Its charges are
    /// written past the context, many at once: the file itself is what changes.</summary>
    private void Imports(List<EntityEntry<Import>> imports)
    {
        foreach (var entry in imports)
        {
            var import = entry.Entity;
            var draft = new Draft(
                JournalAct.Opening, () => entry.Property(i => i.Id).CurrentValue, import.AsOf, Cut($"Saldos iniciales: {import.FileName}"));
            foreach (var (concept, apartment, amount) in import.Debts)
            {
                draft.Move(_chart.ReceivableOf(concept), apartment, amount);
                draft.Move(_chart[AccountPurpose.Result], null, -amount);
            }

            _drafts.Add(draft);
        }
    }

    /// <summary>Credit that left the bank.</summary>
    private void Refunds(List<EntityEntry<Refund>> refunds)
    {
        foreach (var entry in refunds)
        {
            var refund = entry.Entity;
            var draft = new Draft(
                JournalAct.Refund, () => entry.Property(r => r.Id).CurrentValue, refund.PaidOn, Cut($"{refund.Number} {refund.Reason}"));
            draft.Move(_chart[AccountPurpose.Credits], refund.ApartmentId, refund.Amount);
            draft.Move(_chart.MoneyOf(refund.PaymentMethodId), null, -refund.Amount);
            _drafts.Add(draft);
        }
    }

    /// <summary>Money that the gateway paid out, less what it kept.</summary>
    private void Settlements(List<EntityEntry<OnlineSettlement>> settlements)
    {
        foreach (var entry in settlements)
        {
            var paid = entry.Entity;
            var draft = new Draft(
                JournalAct.Settlement, () => entry.Property(s => s.Id).CurrentValue, paid.PaidOn, Cut($"{paid.Provider} {paid.SettlementId}"));
            draft.Move(_chart[AccountPurpose.Bank], null, paid.Amount - paid.Fee);
            draft.Move(_chart[AccountPurpose.BankCosts], null, paid.Fee);
            draft.Move(_chart[AccountPurpose.Gateway], null, -paid.Amount);
            _drafts.Add(draft);
        }
    }

    /// <summary>Money that came and is nobody's yet; or that turned out to be something else.</summary>
    private async Task DepositsAsync(PortalDb db, List<EntityEntry<UnidentifiedDeposit>> deposits, CancellationToken ct)
    {
        foreach (var entry in deposits)
        {
            var (deposit, isNew) = (entry.Entity, entry.State == EntityState.Added);
            var original = isNew
                ? 0
                : await db.JournalEntries.Where(e => e.Act == JournalAct.Unidentified && e.SourceId == deposit.Id).MaxAsync(e => e.Id, ct);
            var draft = isNew
                ? new Draft(JournalAct.Unidentified, () => entry.Property(d => d.Id).CurrentValue, deposit.ReceivedOn, Cut(deposit.Memo))
                : new Draft(JournalAct.Reversal, () => original, db.Building.Today, Cut(deposit.Memo)) { ReversesId = original };
            var sign = isNew ? 1 : -1;
            draft.Move(deposit.AccountId, null, sign * deposit.Amount);
            draft.Move(_chart[AccountPurpose.Unidentified], null, -sign * deposit.Amount);
            _drafts.Add(draft);
        }
    }

    /// <summary>An approved invoice is a cost and owed to its supplier; one that is taken back is neither, by an opposite entry of
    /// today.</summary>
    private async Task ExpensesAsync(PortalDb db, List<EntityEntry<Expense>> expenses, CancellationToken ct)
    {
        foreach (var entry in expenses)
        {
            var expense = entry.Entity;
            var posted = Posted(entry) == true;
            var draft = posted
                ? new Draft(JournalAct.Expense, () => entry.Property(e => e.Id).CurrentValue, expense.InvoicedOn, Memo(expense))
                : await OppositeAsync(db, JournalAct.Expense, expense.Id, Memo(expense), ct);
            var sign = posted ? 1 : -1;
            draft.Move(expense.AccountId, null, sign * expense.Amount);
            draft.Move(_chart[AccountPurpose.Suppliers], null, -sign * expense.Amount);
            _drafts.Add(draft);
        }
    }

    /// <summary>Money that went to a supplier, or that came back.</summary>
    private async Task ExpensePaymentsAsync(PortalDb db, List<EntityEntry<ExpensePayment>> payments, CancellationToken ct)
    {
        foreach (var entry in payments)
        {
            var payment = entry.Entity;
            var expense = payment.Expense ?? await db.Expenses.FindAsync([payment.ExpenseId], ct);
            var made = entry.State == EntityState.Added;
            var draft = made
                ? new Draft(JournalAct.ExpensePayment, () => entry.Property(p => p.Id).CurrentValue, payment.PaidOn, Memo(expense!))
                : await OppositeAsync(db, JournalAct.ExpensePayment, payment.Id, Memo(expense!), ct);
            var sign = made ? 1 : -1;
            draft.Move(_chart[AccountPurpose.Suppliers], null, sign * payment.Amount);
            draft.Move(_chart.MoneyOf(payment.PaymentMethodId), null, -sign * payment.Amount);
            _drafts.Add(draft);
        }
    }

    /// <summary>Its source is the entry it reverses, as that of what is reversed by hand.</summary>
    private static async Task<Draft> OppositeAsync(PortalDb db, JournalAct act, long source, string memo, CancellationToken ct)
    {
        var original = await db.JournalEntries.Where(e => e.Act == act && e.SourceId == source && e.Reference == null)
            .OrderByDescending(e => e.Id).Select(e => (long?)e.Id).FirstOrDefaultAsync(ct);
        return new Draft(JournalAct.Reversal, () => original ?? source, db.Building.Today, memo) { ReversesId = original };
    }

    /// <summary>Whether a save makes an expense a cost (true) or takes it back (false); null where it does neither.</summary>
    private static bool? Posted(EntityEntry<Expense> entry)
    {
        if (entry.State is not (EntityState.Added or EntityState.Modified)) return null;
        var was = entry.State == EntityState.Modified && IsCost(entry.Property(e => e.Status).OriginalValue);
        var now = IsCost(entry.Entity.Status);
        return now == was ? null : now;

        static bool IsCost(ExpenseState state) => state is ExpenseState.Approved or ExpenseState.Paid;
    }

    private static string Memo(Expense expense) => Cut($"{expense.Number} {expense.Supplier?.Name}, {expense.Invoice}".Trim());

    private static decimal Income(ChargeState state, decimal amount, decimal adjusted, decimal paid) =>
        state is ChargeState.Open or ChargeState.Paid ? amount + adjusted : paid;

    private static string RunMemo(Charge charge) =>
        charge.Of is { } concept && charge.Period is { } month ? $"{concept.Name}, {month:yyyy-MM}" : charge.Concept;

    private static string Memo(Payment payment) => Cut($"{payment.ReceiptNumber} {payment.ReferenceNumber}".Trim());

    private static string Cut(string memo) => memo.Length <= 200 ? memo : memo[..200];
}
