using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Portal.Data.Access;
using Portal.Data.Bank;
using Portal.Data.Expenses;
using Portal.Data.Fines;
using Portal.Data.Identity;
using Portal.Data.Ledger;
using Portal.Data.OnlinePayments;
using Portal.Data.Payments;

namespace Portal.Data.Audit;

/// <summary>How grave what was done is: a warning is what somebody who looks after the building wants to see; an error is what must not be.</summary>
[StoredByName]
public enum AuditSeverity { Info, Warning, Error }

/// <summary>Which acts are more than ordinary work, all in one place.</summary>
internal static class Severities
{
    /// <summary>The event that a refused payment leaves: more than a limit allows.</summary>
    public const string LimitRefused = "limit_refused";

    private static readonly HashSet<string> Errors = [LedgerProofJob.Event, AuditChain.Event];

    private static readonly HashSet<string> Warnings =
    [
        "sign_in_failed", "second_step_failed", "proof_failed", "two_step_off", "two_step_removed", "recovery_code_used", "pin_failed",
        "account_locked", "sign_in_refused_locked", "role_change", "password_reset", "month_reopened", "ledger_reversed",
        "mail_refused", "first_admin", Api.ApiDoor.Refused, LimitRefused, People.PeopleService.Exported,
    ];

    /// <summary>What takes money back, gives it away, or changes who may.</summary>
    public static AuditSeverity Of(EntityEntry entry) => entry.Entity switch
    {
        Payment payment => Came(entry, nameof(Payment.StatusId), payment.StatusId is PaymentState.Cancelled or PaymentState.Refunded),
        Refund => When(entry.State == EntityState.Added),
        Charge charge => Came(entry, nameof(Charge.Status), charge.Status is ChargeState.Cancelled or ChargeState.Exonerated),
        Expense expense => Came(entry, nameof(Expense.Status), expense.Status == ExpenseState.Voided),
        ExpensePayment => When(Changed(entry, nameof(ExpensePayment.VoidedAt))),
        Fine fine => Came(entry, nameof(Fine.State), fine.State == FineState.Annulled),
        BankReconciliation => When(Changed(entry, nameof(BankReconciliation.Live))),
        OnlinePayment online => Came(entry, nameof(OnlinePayment.State), online.State is OnlineState.Review or OnlineState.Refunded),
        LedgerAccount => When(Changed(
            entry, nameof(LedgerAccount.DailyLimit), nameof(LedgerAccount.MinimumBalance), nameof(LedgerAccount.Status))),
        RolePermission => AuditSeverity.Warning,
        Module => When(Changed(entry, nameof(Module.Enabled))),
        User => When(Changed(entry, nameof(User.RoleId))),
        _ => AuditSeverity.Info,
    };

    public static AuditSeverity OfEvent(string action) =>
        Errors.Contains(action) ? AuditSeverity.Error : When(Warnings.Contains(action));

    /// <summary>What of a refusal is told although nothing was done: somebody tried to take out more than a limit allows.</summary>
    public static Error? Told(Result refused) => refused.Errors.FirstOrDefault(e => e.Code is "ledger.limit" or "ledger.minimum");

    private static AuditSeverity Came(EntityEntry entry, string property, bool grave) => When(grave && Changed(entry, property));

    private static AuditSeverity When(bool grave) => grave ? AuditSeverity.Warning : AuditSeverity.Info;

    private static bool Changed(EntityEntry entry, params string[] properties) =>
        entry.State == EntityState.Modified && properties.Any(p => entry.Property(p).IsModified);
}
