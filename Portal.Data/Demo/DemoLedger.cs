using Portal.Data.Payments;

namespace Portal.Data.Demo;

/// <summary>A charge of the demo.</summary>
internal sealed class DemoCharge(long id, DemoApartment apartment)
{
    public long Id { get; } = id;
    public DemoApartment Apartment { get; } = apartment;
    public ChargeKind Kind { get; init; }
    public string Concept { get; init; } = "";
    public string? Detail { get; init; }
    public string? Number { get; init; }
    public DateOnly? Period { get; init; }
    public decimal Amount { get; init; }
    public DateOnly IssuedOn { get; init; }
    public DateOnly DueOn { get; init; }
    public long? ReservationId { get; init; }

    /// <summary>Of interest: what bears it.</summary>
    public long? BaseId { get; init; }

    /// <summary>The run that posted it; of monthly fees.</summary>
    public long? RunId { get; init; }

    /// <summary>The day it was paid, whole; null while it is owed.</summary>
    public DateOnly? PaidOn { get; set; }
}

/// <summary>Small, for a large building has half a million: they are numbered in the order of their days, so all are made first.</summary>
/// <param name="Charge">The one it paid whole; 0 for none.</param>
/// <param name="Given">The order in which they were made, where two fall on one minute.</param>
internal readonly record struct DemoPayment(
    DemoApartment Apartment, DateTime At, decimal Amount, PaymentState State, byte Method, (short, short) Digits, string? Reference,
    string? Reason, long Charge, int Given);

/// <summary>Writes down what is charged and paid: charges as they come, payments when all are there.</summary>
internal sealed class DemoLedger(DemoPlan plan)
{
    /// <summary>Days for which it is known what was overdue at their end.</summary>
    public const int Days = 180;

    /// <summary>After so many payments a line tells how far it is.</summary>
    private const int Step = 50_000;

    private readonly List<DemoCharge> _made = [];
    private readonly List<DemoPayment> _payments = [];
    private readonly HashSet<long> _codes = [];
    private readonly SeedWriter.Table _charges = plan.Writer.Into(
        "charges", "id", "apartment_id", "owner_id", "kind", "concept", "detail", "number", "period", "amount", "paid", "issued_on",
        "due_on", "status", "reservation_id", "base_charge_id", "concept_id", "run_id", "created_at");

    /// <summary>How what is overdue changes on each of the last <see cref="Days"/> days, and after them.</summary>
    public decimal[] Arrears { get; } = new decimal[Days + 2];

    public int Charged => _charges.Count;
    public int Paid => _payments.Count;

    public DemoCharge Charge(
        DemoApartment apartment, ChargeKind kind, string concept, string? detail, string? number, DateOnly? period, decimal amount,
        DateOnly issued, DateOnly due, long? reservation = null, DemoCharge? bears = null,
        long? run = null)
    {
        var charge = new DemoCharge(plan.Writer.NextId("charges"), apartment)
        {
            Kind = kind,
            Concept = concept,
            Detail = detail,
            Number = number,
            Period = period,
            Amount = amount,
            IssuedOn = issued,
            DueOn = due,
            ReservationId = reservation,
            BaseId = bears?.Id,
            RunId = run,
        };
        _made.Add(charge);
        return charge;
    }

    /// <summary>Pays a charge whole.</summary>
    public void Pay(DemoApartment apartment, DateTime at, DemoCharge charge)
    {
        charge.PaidOn = DateOnly.FromDateTime(at);
        var (method, digits) = plan.Random.Next(100) switch
        {
            < 55 => (6, (plan.Random.Next(8000, 8999), plan.Random.Next(1000, 9999))),
            < 85 => (2, (plan.Random.Next(10, 99), plan.Random.Next(100, 999))),
            < 92 => (3, (0, plan.Random.Next(1000, 9999))),
            < 96 => (4, (0, plan.Random.Next(1000, 9999))),
            _ => (1, (0, plan.Random.Next(1, 3))),
        };
        _payments.Add(new DemoPayment(
            apartment, at, charge.Amount, PaymentState.Paid, (byte)method, ((short)digits.Item1, (short)digits.Item2), null, null,
            charge.Id, _payments.Count));
    }

    public void Other(
        DemoApartment apartment, DateTime at, decimal amount, PaymentState state, int method, string reference,
        string? reason) =>
        _payments.Add(new DemoPayment(
            apartment, at, amount, state, (byte)method, default, reference, reason, 0, _payments.Count));

    /// <summary>Writes the charges made since the last time: none is kept.</summary>
    public async Task WriteChargesAsync(CancellationToken ct)
    {
        foreach (var c in _made)
        {
            await _charges.AddAsync(
                ct, c.Id, c.Apartment.Id, c.Apartment.Owner?.OwnerId, c.Kind, c.Concept, c.Detail, c.Number, c.Period, c.Amount,
                c.PaidOn is null ? 0m : c.Amount, c.IssuedOn, c.DueOn, c.PaidOn is null ? ChargeState.Open : ChargeState.Paid,
                c.ReservationId, c.BaseId, c.RunId is null ? null : 1, c.RunId, plan.Instant(c.IssuedOn, 6, 0));
            Count(c);
        }

        _made.Clear();
    }

    public async Task WritePaymentsAsync(CancellationToken ct)
    {
        await _charges.FlushAsync(ct);
        var writer = plan.Writer;
        var payments = writer.Into(
            "payments", "id", "amount", "payment_date", "payment_time", "status_id", "owner_id", "apartment_id", "reference_number",
            "payment_method_id", "receipt_number", "verification_code", "recorded_by", "confirmed_by", "confirmed_at", "cancelled_by",
            "cancelled_at", "cancel_reason", "created_at", "updated_at");
        var applications = writer.Into("payment_applications", "payment_id", "charge_id", "line", "owed", "amount");
        var receipts = new Dictionary<int, int>();
        _payments.RemoveAll(p => p.Apartment.Owner is null);
        _payments.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : a.Given.CompareTo(b.Given));
        foreach (var p in _payments)
        {
            var id = writer.NextId("payments");
            if (id % (Step) == 0) plan.Progress.Report($"{id} of {_payments.Count} payments");
            var issued = p.State is not (PaymentState.Pending or PaymentState.Rejected);
            var ended = p.State is PaymentState.Cancelled or PaymentState.Rejected or PaymentState.Refunded;
            var confirmed = p.At.AddMinutes(plan.Random.Next(1, 90));
            if (confirmed > plan.Now) confirmed = plan.Now;
            string? receipt = null;
            if (issued)
            {
                var number = receipts[p.At.Year] = receipts.GetValueOrDefault(p.At.Year) + 1;
                receipt = $"RC-{p.At.Year}-{number:000000}";
            }

            await payments.AddAsync(
                ct, id, p.Amount, DateOnly.FromDateTime(p.At), TimeOnly.FromDateTime(p.At), p.State, p.Apartment.Owner!.OwnerId,
                p.Apartment.Id, p.Reference ?? Reference(p), p.Method, receipt, issued ? Code() : null,
                p.Method == 1 ? plan.Staff.UserId : p.Apartment.Owner.UserId, issued ? plan.Staff.UserId : null,
                issued ? plan.Instant(confirmed) : null, ended ? plan.Admin.UserId : null, ended ? plan.Instant(confirmed) : null,
                p.Reason, plan.Instant(p.At), plan.Instant(confirmed));
            if (p.Charge != 0) await applications.AddAsync(ct, id, p.Charge, 1, p.Amount, p.Amount);
        }

        await payments.FlushAsync(ct);
        await applications.FlushAsync(ct);

        var sequences = writer.Into("sequences", "name", "year", "last_number");
        foreach (var (year, last) in receipts) await sequences.AddAsync(ct, "RC", year, last);
        await sequences.FlushAsync(ct);
    }

    private void Count(DemoCharge charge)
    {
        var from = Math.Max(0, Days - (plan.Today.DayNumber - charge.DueOn.DayNumber) + 1);
        var until = charge.PaidOn is { } day ? Days - (plan.Today.DayNumber - day.DayNumber) : Days + 1;
        if (until <= from || from > Days) return;
        Arrears[from] += charge.Amount;
        Arrears[Math.Min(until, Days + 1)] -= charge.Amount;
    }

    private static string Reference(DemoPayment payment) => payment.Method switch
    {
        6 => $"{payment.Digits.Item1} {payment.Digits.Item2}",
        2 => $"00{payment.Digits.Item1} {payment.Digits.Item2}",
        1 => $"caja {payment.Digits.Item2}",
        _ => $"•• {payment.Digits.Item2}",
    };

    private string Code()
    {
        const string letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
        var code = new char[9];
        long number;
        do
        {
            number = 0;
            for (var i = 0; i < code.Length; i++)
            {
                if (i == 4)
                {
                    code[i] = '-';
                    continue;
                }

                var letter = plan.Random.Next(letters.Length);
                (code[i], number) = (letters[letter], number * letters.Length + letter);
            }
        }
        while (!_codes.Add(number));

        return new string(code);
    }
}
