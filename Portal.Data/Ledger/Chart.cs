using Microsoft.EntityFrameworkCore;
using Portal.Data.Payments;

namespace Portal.Data.Ledger;

/// <summary>Which account is for what, and how far the books are closed: read, and held, while something is posted.</summary>
internal sealed class Chart
{
    private readonly Dictionary<string, int> _purposes = new(StringComparer.Ordinal);
    private readonly List<(int Id, string Kind, int Receivable, int Income)> _concepts = [];

    /// <summary>The fund of scholarships for courses, and where its money lies (<see cref="Programmes.ProgrammeAccounts"/>).</summary>
    public int ScholarshipFund { get; private set; }

    /// <inheritdoc cref="ScholarshipFund"/>
    public int ScholarshipBank { get; private set; }

    /// <summary>The last closed day.</summary>
    public DateOnly? ClosedThrough { get; private set; }

    public int this[AccountPurpose purpose] => _purposes.TryGetValue(Schema.PortalModel.Snake(purpose.ToString()), out var id)
        ? id
        : throw new InvalidOperationException($"No account of the books is for {purpose}; see ledger_accounts.purpose.");

    /// <summary>Before everything that is in any books; the first day that the servers' DATE has for certain.</summary>
    public static readonly DateOnly Beginning = new(1000, 1, 1);

    /// <summary>Who closes a month waits until what is posted here stands or is given up, and the other way round.</summary>
    public static Task<Chart> ReadAsync(PortalDb db, CancellationToken ct) => ReadAsync(db, new SqlText("LOCK IN SHARE MODE"), ct);

    /// <summary>To look only: nobody waits, and what was read may have changed since.</summary>
    public static Task<Chart> LookAsync(PortalDb db, CancellationToken ct) => ReadAsync(db, new SqlText(""), ct);

    /// <summary>For who closes or reopens: nobody posts until they are done.</summary>
    public static Task<Chart> HoldAsync(PortalDb db, CancellationToken ct) => ReadAsync(db, new SqlText("FOR UPDATE"), ct);

    private static async Task<Chart> ReadAsync(PortalDb db, SqlText held, CancellationToken ct)
    {
        var chart = new Chart();
        await new SqlBatch()
            .Select($"SELECT closed_through FROM ledger_state WHERE id = 1 {held}",
                row => chart.ClosedThrough = row.IsDBNull(0) ? null : row.GetFieldValue<DateOnly>(0))
            .Select($"SELECT purpose, id FROM ledger_accounts WHERE purpose IS NOT NULL",
                row => chart._purposes[row.GetString(0)] = row.GetInt32(1))
            .Select($"SELECT id, kind, receivable_account_id, income_account_id FROM concepts ORDER BY id",
                row => chart._concepts.Add((row.GetInt32(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3))))
            .Select($"SELECT fund_id, fund_bank_id FROM programme_accounts WHERE id = 1",
                row => (chart.ScholarshipFund, chart.ScholarshipBank) = (row.GetInt32(0), row.GetInt32(1)))
            .RunAsync(db, ct);
        return chart;
    }

    /// <summary>Where a payment's money lies.</summary>
    public int MoneyOf(int? method) => this[method == PaymentRules.Cash ? AccountPurpose.Cash : AccountPurpose.Bank];

    /// <summary>Where a payment's money came to: what lies in the books already, as nobody's, does not come again.</summary>
    public int MoneyOf(Payment payment) =>
        payment.DepositId is not null ? this[AccountPurpose.Unidentified]
        : payment.OnlinePaymentId is not null || payment.OnlinePayment is not null ? this[AccountPurpose.Gateway]
        : MoneyOf(payment.PaymentMethodId);

    public int ReceivableOf(Charge charge) => Of(charge).Receivable;

    public int ReceivableOf(int concept) => _concepts.First(c => c.Id == concept).Receivable;

    /// <summary>What was owed when the books were opened is part of the result of before: also where it is waived or corrected
    /// later.</summary>
    public int IncomeOf(Charge charge) =>
        charge.ImportId is null && charge.Import is null ? Of(charge).Income : this[AccountPurpose.Result];

    /// <summary>
    /// A day that is open: what comes late for a closed month is written down in the open one, on the day it is written down.
    /// </summary>
    public DateOnly Open(DateOnly day, DateOnly today) =>
        ClosedThrough is { } closed && day <= closed ? today > closed ? today : closed.AddDays(1) : day;

    /// <summary>
    /// Accounts that only what apartments are charged and pay may move: the proof compares them with it, apartment by apartment.
    /// </summary>
    public IReadOnlySet<int> OfApartments => Owed.Append(this[AccountPurpose.Credits]).ToHashSet();

    /// <summary>What only invoices of suppliers and what is paid of them may move: the proof compares it with them.</summary>
    public int OfSuppliers => this[AccountPurpose.Suppliers];

    /// <summary>What apartments owe lies in these.</summary>
    public IReadOnlySet<int> Owed =>
        _concepts.Select(c => c.Receivable)
            .Concat([this[AccountPurpose.Fees], this[AccountPurpose.Interest], this[AccountPurpose.Fines]]).ToHashSet();

    /// <summary>Accounts that are posted to without anybody choosing them: they cannot be frozen or closed.</summary>
    public IReadOnlySet<int> ByItself =>
        OfApartments.Concat(_concepts.Select(c => c.Income))
            .Concat([this[AccountPurpose.Cash], this[AccountPurpose.Bank], this[AccountPurpose.Discounts],
                this[AccountPurpose.Gateway], OfSuppliers, ScholarshipFund, ScholarshipBank]).ToHashSet();

    /// <summary>Charges of before have no concept: the first of their kind stands for it.</summary>
    private (int Id, string Kind, int Receivable, int Income) Of(Charge charge)
    {
        var concept = charge.Of?.Id ?? charge.ConceptId;
        var kind = Schema.PortalModel.Snake(charge.Kind.ToString());
        var found = _concepts.FirstOrDefault(c => concept is not null ? c.Id == concept : c.Kind == kind);
        return found.Id > 0 ? found : throw new InvalidOperationException($"No concept is for charges of the kind {charge.Kind}.");
    }
}
