using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Documents;
using Portal.Resources;

namespace Portal.Areas.Payments;

/// <summary>Makes the papers of an account: the receipt of a payment and an apartment's statement, in the reader's language.</summary>
public sealed class PaymentPapers(
    IssuedPapers papers, ApartmentAccounts accounts, Bills bills, SettingsService settings, BuildingClock clock,
    IStringLocalizer<PaymentsWords> L)
{
    /// <summary>
    /// The receipt as it was issued. Once voided it says so; nothing else ever changes it: not the day it is printed on either.
    /// </summary>
    /// <param name="id">The payment.</param>
    /// <param name="host">Where the reader reached the portal; used where the building has set no public address.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null where the payment is out of reach or has no receipt.</returns>
    public async Task<(string Name, byte[] Pdf)?> ReceiptAsync(long id, string host, CurrentUser user, CancellationToken ct)
    {
        if (await papers.ReceiptAsync(id, user, ct) is not { } receipt) return null;
        var facts = receipt.Facts;
        var building = facts.Building.AsSettings();
        var unit = L.UnitLong(facts.Unit.Tower, facts.Unit.Number);
        var ended = receipt.State == PaymentState.Paid ? null : new ReceiptVoid(receipt.EndedAt ?? facts.IssuedAt, receipt.EndReason);
        var model = new ReceiptModel(
            BuildingPaper.Header(building), receipt.Number, facts.IssuedAt, facts.Payer, facts.PayerDocument,
            facts.Unit.Tower is { Length: <= 3 } ? L["unit.document", facts.Unit.Tower, facts.Unit.Number!] : unit,
            facts.Amount, facts.PaidAt, L.Method(facts.MethodId, facts.Method), facts.Reference, facts.ConfirmedBy,
            Rule(facts),
            [.. facts.Lines.Select(l => new ReceiptLine(l.Concept, l.Detail, l.Owed, l.Applied))], ended,
            BuildingPaper.Verification(building, host, receipt.Code),
            BuildingPaper.Stamp(building, clock) with { GeneratedAt = ended?.At ?? facts.IssuedAt }, unit);
        return ($"{receipt.Number}.pdf", ReceiptDocument.Render(model, CultureInfo.CurrentUICulture));
    }

    private string Rule(ReceiptFacts facts) => facts.Replaces is { } before
        ? $"{L["receipt.replaces", before, facts.BecauseOf ?? ""]} {Order(facts)}"
        : Order(facts);

    private string Order(ReceiptFacts facts) =>
        facts.Named is { } named ? L["applied.rule.named", named]
        : facts.Building.ApplicationRule is { Length: > 0 } own ? own
        : L[facts.ByDueDay ? "applied.rule" : "applied.rule.before"];

    /// <summary>A note of application as it was issued.</summary>
    /// <returns>Null where it is out of reach.</returns>
    public async Task<(string Name, byte[] Pdf)?> NoteAsync(long id, string host, CurrentUser user, CancellationToken ct)
    {
        if (await papers.NoteAsync(id, user, ct) is not { Facts: var facts } note) return null;
        var building = facts.Building.AsSettings();
        var model = new ApplicationNoteModel(
            BuildingPaper.Header(building), note.Number, facts.IssuedAt, L.UnitLong(facts.Unit.Tower, facts.Unit.Number), facts.IssuedBy,
            facts.VoidedReceipt, facts.Reason, [.. facts.Reopened.Select(Line)], [.. facts.Applied.Select(Line)],
            BuildingPaper.Verification(building, host, note.Code),
            BuildingPaper.Stamp(building, clock) with { GeneratedAt = facts.IssuedAt });
        return ($"{note.Number}.pdf", ApplicationNoteDocument.Render(model, CultureInfo.CurrentUICulture));

        static ApplicationNoteLine Line(PaperLine line) => new(line.Concept, line.Detail, line.Receipt, line.Owed, line.Applied);
    }

    /// <summary>The refund as it was made.</summary>
    /// <returns>Null where it is out of reach.</returns>
    public async Task<(string Name, byte[] Pdf)?> RefundAsync(long id, string host, CurrentUser user, CancellationToken ct)
    {
        if (await papers.RefundAsync(id, user, ct) is not { Facts: var facts } refund) return null;
        var building = facts.Building.AsSettings();
        var model = new RefundModel(
            BuildingPaper.Header(building), refund.Number, facts.IssuedAt, L.UnitLong(facts.Unit.Tower, facts.Unit.Number), facts.Payee,
            facts.Amount, facts.PaidOn, L.Method(facts.MethodId, facts.Method), facts.Reference, facts.Reason, facts.MadeBy,
            [.. facts.Sources.Select(s => new RefundLine(s.Receipt, s.PaidOn, s.Amount))],
            refund.Code is { } code ? BuildingPaper.Verification(building, host, code) : null,
            BuildingPaper.Stamp(building, clock) with { GeneratedAt = facts.IssuedAt });
        return ($"{refund.Number}.pdf", RefundDocument.Render(model, CultureInfo.CurrentUICulture));
    }

    /// <summary>What the apartment is asked to pay, as of now.</summary>
    /// <returns>Null where the account is out of reach.</returns>
    public async Task<(string Name, byte[] Pdf)?> BillAsync(long apartmentId, CurrentUser user, CancellationToken ct)
    {
        if (await bills.FindAsync(apartmentId, user, ct) is not { } bill) return null;
        var (account, building) = (bill.Account, await settings.GetAsync(ct));
        var model = new BillModel(
            BuildingPaper.Header(building), L.UnitLong(account.Tower, account.Number), bill.Owner, bill.Month, account.Today, bill.Since,
            bill.Previous,
            [.. bill.Movements.Select(Line)], bill.Running, bill.Later, bill.Asked, bill.DueOn, bill.Early?.Amount, bill.Early?.Until,
            account.Open.Count > 0 && account.Open.Any(c => c.IsOverdue(account.Today)), account.Waiting, bill.HowToPay,
            $"{account.Tower} {account.Number}", BuildingPaper.Stamp(building, clock));
        return (
            string.Create(CultureInfo.InvariantCulture, $"{L["bill.file"].Value}-{account.Tower}-{account.Number}-{bill.Month:yyyy-MM}.pdf"),
            BillDocument.Render(model, CultureInfo.CurrentUICulture));
    }

    /// <summary>
    /// The bill that goes with the mail of a run. Written by the job that sends the mail, one at a time, so that a building of a thousand
    /// apartments takes the memory of one.
    /// </summary>
    public async Task<MailPaper?> OfMailAsync(NotificationRow notification, MailReader reader, CancellationToken ct)
    {
        if (notification.Type is not ("payment.billed" or "payment.billed_early")
            || !long.TryParse(notification.Link?.Split('/')[^1], CultureInfo.InvariantCulture, out var apartment)) return null;

        // The language is the reader's for what is awaited here, and the job's again after it.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(reader.Language == "en" ? "en" : "es-CO");
        return await BillAsync(apartment, CurrentUser.System, ct) is var (name, pdf) ? new MailPaper(name, pdf) : null;
    }

    /// <param name="apartmentId">Whose account.</param>
    /// <param name="from">First day; a year back to the first of the month where none is given.</param>
    /// <param name="to">Last day; today where none is given.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null where the account is out of reach.</returns>
    public async Task<(string Name, byte[] Pdf)?> StatementAsync(
        long apartmentId, DateOnly? from, DateOnly? to, CurrentUser user, CancellationToken ct)
    {
        var last = to ?? clock.Today;
        var first = from ?? new DateOnly(last.Year, last.Month, 1).AddMonths(-11);
        if (await accounts.StatementAsync(apartmentId, first, last, user, ct) is not { } statement) return null;
        var account = statement.Account;
        var building = await settings.GetAsync(ct);
        var model = new StatementModel(
            BuildingPaper.Header(building),
            L.UnitLong(account.Tower, account.Number),
            statement.Owner,
            statement.From,
            statement.To,
            statement.Opening,
            [.. statement.Movements.Select(Line)],
            // What is open is what is open today: of a period that ended before, it would be another day's truth under this day's date.
            statement.To < account.Today
                ? []
                :
                [
                    .. account.Open.Select(c => new StatementDue(
                        L.Concept(c.Kind, c.Period, c.Concept), c.Detail ?? c.Number, c.DueOn,
                        Math.Max(0, account.Today.DayNumber - c.DueOn.DayNumber), c.Owed)),
                ],
            null,
            BuildingPaper.Stamp(building, clock)
        );
        return (
            $"{L["statement.file"]}-{account.Tower}-{account.Number}.pdf",
            StatementDocument.Render(model, CultureInfo.CurrentUICulture)
        );
    }

    private StatementLine Line(StatementMovement movement)
    {
        if (movement.Note is { } note)
        {
            return new StatementLine(
                movement.Date,
                note.VoidedReceipt is { } voided ? L["statement.note.void", note.Number, voided] : L["statement.note.credit", note.Number],
                note.Applied > 0 ? L["statement.note.applied", Formats.Money(note.Applied)] : L["statement.note.none"], 0, 0);
        }

        if (movement.Refund)
            return new StatementLine(movement.Date, L["refund.of", movement.Number ?? ""], movement.Detail, movement.Charge, 0);
        if (movement.Adjustment is { } adjustment)
            return new StatementLine(movement.Date, L[$"adjustment.{adjustment}", movement.Concept!], movement.Detail, movement.Charge, 0);
        if (movement.PaymentId is null)
            return new StatementLine(movement.Date, movement.Concept!, movement.Detail ?? movement.Number, movement.Charge, 0);
        var made = L.Made(movement);
        return movement.State == PaymentState.Paid
            ? new StatementLine(movement.Date, L["statement.payment", movement.Number ?? ""], made, 0, movement.Payment)
            : new StatementLine(movement.Date, L["statement.voided", movement.Number ?? "", Formats.Money(movement.Payment)], made, 0, 0);
    }
}
