using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Documents;
using Portal.Resources;

namespace Portal.Areas.Payments;

/// <summary>Makes the papers of an account: the receipt of a payment and an apartment's statement, in the reader's language.</summary>
public sealed class PaymentPapers(
    PaymentService payments, ApartmentAccounts accounts, SettingsService settings, BuildingClock clock, IStringLocalizer<PaymentsWords> L)
{
    /// <param name="id">The payment.</param>
    /// <param name="host">Where the reader reached the portal; used where the building has set no public address.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null where the payment is out of reach or has no receipt.</returns>
    public async Task<(string Name, byte[] Pdf)?> ReceiptAsync(long id, string host, CurrentUser user, CancellationToken ct)
    {
        if (await payments.FindAsync(id, user, ct) is not { Receipt: { } number, VerificationCode: { } code } payment) return null;
        var building = await settings.GetAsync(ct);
        var unit = L.UnitLong(payment.Tower, payment.Apartment);
        var model = new ReceiptModel(
            BuildingPaper.Header(building), number, payment.ConfirmedAt ?? payment.At, payment.Payer, Masked(payment.PayerDocument),
            payment.Tower is { Length: <= 3 } ? L["unit.document", payment.Tower, payment.Apartment!] : unit,
            payment.Amount, payment.At, L.Method(payment.MethodId, payment.Method), payment.Reference, payment.ConfirmedBy,
            building.ApplicationRule.Length > 0 ? building.ApplicationRule : L["applied.rule"],
            [.. payment.Lines.Select(l => new ReceiptLine(l.Concept, l.Detail ?? l.Number, l.Owed, l.Amount))],
            payment.State == PaymentState.Paid ? null : new ReceiptVoid(payment.EndedAt ?? clock.Now, payment.EndReason),
            BuildingPaper.Verification(building, host, code), BuildingPaper.Stamp(building, clock), unit);
        return ($"{number}.pdf", ReceiptDocument.Render(model, CultureInfo.CurrentUICulture));
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
                        c.Concept, c.Detail ?? c.Number, c.DueOn, Math.Max(0, account.Today.DayNumber - c.DueOn.DayNumber), c.Owed)),
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
        if (movement.PaymentId is null)
            return new StatementLine(movement.Date, movement.Concept!, movement.Detail ?? movement.Number, movement.Charge, 0);
        return movement.State == PaymentState.Paid
            ? new StatementLine(movement.Date, L["statement.payment", movement.Number ?? ""], movement.Detail, 0, movement.Payment)
            : new StatementLine(
                movement.Date, L["statement.voided", movement.Number ?? "", Formats.Money(movement.Payment)], movement.Detail, 0, 0);
    }

    /// <summary>Enough for the payer to know it is his, too little for whoever finds the paper: "C. C. 52.•••.318".</summary>
    private static string? Masked(string? document)
    {
        if (document is null) return null;
        var space = document.LastIndexOf(' ') + 1;
        var number = document[space..];
        var digits = number.Count(char.IsDigit);
        if (digits < 6) return document[..space] + new string('•', number.Length);
        var seen = 0;
        return document[..space]
            + string.Concat(
                number.Select(letter =>
                    !char.IsDigit(letter) ? letter
                    : ++seen <= 2 || seen > digits - 3 ? letter
                    : '•'
                )
            );
    }
}
