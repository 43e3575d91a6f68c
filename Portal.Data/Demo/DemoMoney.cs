using System.Globalization;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Demo;

/// <summary>Two years of fees, interest, bookings and the payments that settled most of them.</summary>
internal static class DemoMoney
{
    private const int Months = 24;
    private static readonly CultureInfo Spanish = CultureInfo.GetCultureInfo("es-CO");

    public static async Task WriteAsync(DemoPlan plan, IReadOnlyList<DemoBooking> bookings, CancellationToken ct)
    {
        var ledger = new Ledger(plan);
        var profiles = Profiles(plan);
        foreach (var apartment in plan.Apartments.Where(a => a.Owner is not null))
        {
            Fees(plan, ledger, apartment, profiles.GetValueOrDefault(apartment.Id));
            Facade(plan, ledger, apartment, isDebtor: profiles.ContainsKey(apartment.Id));
        }

        foreach (var booking in bookings) Booking(plan, ledger, booking);
        Story(plan, ledger);
        await ledger.WriteAsync(ct);
        await FiguresAsync(plan, ledger, ct);
        plan.Progress.Report($"{ledger.Charges.Count} charges and {ledger.Payments.Count} payments");
    }

    /// <summary>How many of the last months an apartment has not paid.</summary>
    private static Dictionary<long, int> Profiles(DemoPlan plan)
    {
        var owned = plan.Apartments.Where(a => a.Owner is not null).Select(a => a.Id).ToArray();
        plan.Random.Shuffle(owned);
        var story = plan.Apartment("B 1204").Id;
        var debtors = new Queue<long>(owned.Where(id => id != story));
        var profiles = new Dictionary<long, int> { [story] = 1 };
        foreach (var (months, of248) in new[] { (14, 3), (6, 2), (2, 6), (1, 14) })
        {
            for (var i = 0; i < Math.Max(1, of248 * owned.Length / 248) && debtors.Count > 0; i++) profiles[debtors.Dequeue()] = months;
        }

        return profiles;
    }

    private static void Fees(DemoPlan plan, Ledger ledger, DemoApartment apartment, int unpaid)
    {
        var random = plan.Random;
        var isStory = apartment.Id == plan.Apartment("B 1204").Id;
        var late = new List<LedgerCharge>();
        for (var back = Months; back >= 0; back--)
        {
            var month = new DateOnly(plan.Today.Year, plan.Today.Month, 1).AddMonths(-back);
            var last = month.AddMonths(1).AddDays(-1);
            // This month the assembly gave time until its end.
            var due = back == 0 ? last : month.AddDays(14);
            // Fees rise in April, as the assembly decides in March.
            var amount = month >= Rise(plan.Today) ? apartment.Fee : Math.Round(apartment.Fee * 0.93m / 500m) * 500m;
            var charge = ledger.Charge(apartment, ChargeKind.Fee, $"Administración de {month.ToString("MMMM 'de' yyyy", Spanish)}", null,
                $"A-{month:yyyy-MM}-{apartment.Tower}{apartment.Number}", month, amount, month, due);

            var owes = back <= unpaid && (back > 0 ? unpaid > 0 : unpaid > 1 || isStory);
            if (owes)
            {
                if (back > 0) late.Add(charge);
                continue;
            }

            var day = Math.Min(random.Next(5) == 0 ? random.Next(1, 29) : random.Next(1, 17), last.Day);
            var paidOn = month.AddDays(day - 1);
            if (back > 1 && random.Next(20) == 0) paidOn = last.AddDays(random.Next(1, 12));
            var paidAt = paidOn.ToDateTime(new TimeOnly(random.Next(7, 21), random.Next(60)));
            if (paidAt < plan.Now.AddHours(-20)) ledger.Pay(apartment, paidAt, [charge]);
        }

        Interest(plan, ledger, apartment, late);
    }

    /// <summary>The assembly's six instalments for the facade, of which two have fallen due; some have not paid the second.</summary>
    private static void Facade(DemoPlan plan, Ledger ledger, DemoApartment apartment, bool isDebtor)
    {
        var story = apartment.Id == plan.Apartment("B 1204").Id;
        for (var back = 2; back >= 1; back--)
        {
            var month = new DateOnly(plan.Today.Year, plan.Today.Month, 1).AddMonths(-back);
            var due = month.AddMonths(1).AddDays(-1);
            var charge = ledger.Charge(
                apartment, ChargeKind.ExtraFee, $"Cuota extraordinaria fachada, {3 - back} de 6", null,
                $"E-{month:yyyy-MM}-{apartment.Tower}{apartment.Number}", month, 210_000m, month, due);
            if (!story && back == 1 && !isDebtor && plan.Random.Next(7) == 0) continue;
            ledger.Pay(
                apartment, month.AddDays(plan.Random.Next(2, 27)).ToDateTime(new TimeOnly(plan.Random.Next(7, 21), plan.Random.Next(60))),
                [charge]);
        }
    }

    private static DateOnly Rise(DateOnly today) => new(today.Month >= 4 ? today.Year : today.Year - 1, 4, 1);

    /// <summary>One charge of simple interest per month, on the fees that were past due in it.</summary>
    private static void Interest(DemoPlan plan, Ledger ledger, DemoApartment apartment, IReadOnlyList<LedgerCharge> unpaid)
    {
        if (unpaid.Count == 0) return;
        var first = new DateOnly(unpaid[0].DueOn.Year, unpaid[0].DueOn.Month, 1);
        for (var month = first; month <= plan.Today; month = month.AddMonths(1))
        {
            var until = month.AddMonths(1).AddDays(-1) is var last && last < plan.Today ? last : plan.Today;
            var rate = 1.95m + 0.03m * ((plan.Today.Year - month.Year) * 12 + plan.Today.Month - month.Month);
            var late = unpaid.Select(fee => (Fee: fee, From: fee.DueOn < month ? month : fee.DueOn.AddDays(1))).Where(f => f.From <= until)
                .Select(f => (f.Fee, f.From, Days: until.DayNumber - f.From.DayNumber + 1)).ToList();
            var amount = late.Sum(f => Math.Round(f.Fee.Amount * rate / 100m * Math.Min(f.Days, 30) / 30m));
            if (amount <= 0) continue;
            var detail = late is [var one]
                ? string.Create(
                    Spanish,
                    $"$ {one.Fee.Amount:N0} · {one.Days} días ({one.From.Day} al {until.Day} {until.ToString("MMM", Spanish).TrimEnd('.')}) · {rate:0.00} % mensual"
                )
                : string.Create(Spanish, $"{late.Count} cuotas, $ {late.Sum(f => f.Fee.Amount):N0} · {rate:0.00} % mensual");
            ledger.Charge(
                apartment, ChargeKind.Interest, $"Intereses de mora, {month.ToString("MMMM", Spanish)}", detail, null, month, amount, until,
                until);
        }
    }

    private static void Booking(DemoPlan plan, Ledger ledger, DemoBooking booking)
    {
        var day = DateOnly.FromDateTime(booking.Start);
        var charge = ledger.Charge(
            booking.Apartment, ChargeKind.Booking, $"Reserva {booking.Facility}, {day.ToString("d 'de' MMMM", Spanish)}",
            $"Reserva {booking.Number}", null, null, booking.Cost, DateOnly.FromDateTime(booking.BookedAt),
            new DateOnly(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month)), booking.Id);
        if (!booking.Settled) return;
        var paid = booking.BookedAt.AddMinutes(plan.Random.Next(5, 600));
        ledger.Pay(booking.Apartment, paid < plan.Now ? paid : plan.Now, [charge]);
    }

    /// <summary>The last days as they are told in the screens: what waits to be confirmed, a void, a rejection, a refund.</summary>
    private static void Story(DemoPlan plan, Ledger ledger)
    {
        var today = plan.Today.ToDateTime(TimeOnly.MinValue);
        foreach (
            var (name, amount, days, hour, minute, method, reference) in new[]
            {
                ("B 1204", 1_100_000m, 0, 9, 52, 6, "8841 2207"),
                ("A 302", 486_000m, 0, 8, 15, 2, "0093 118"),
                ("A 1003", 512_000m, 3, 16, 40, 2, "0091 774"),
                ("C 602", 498_500m, 1, 19, 5, 6, "8840 6120"),
                ("B 903", 505_200m, 1, 12, 30, 2, "0092 990"),
                ("A 504", 531_000m, 2, 10, 11, 6, "8838 1145"),
                ("C 901", 209_300m, 2, 18, 45, 3, "•• 3310"),
            }
        )
        {
            var at = today.AddDays(-days).AddHours(hour).AddMinutes(minute);
            // Early in the morning "today" has not come yet: then it was yesterday.
            if (at > plan.Now) at = at.AddDays(-1);
            ledger.Other(plan.Apartment(name), at, amount, PaymentState.Pending, method, reference, null);
        }

        ledger.Other(
            plan.Apartment("B 305"), today.AddDays(-1).AddHours(11).AddMinutes(23), 24_000m, PaymentState.Cancelled, 1, "caja 2",
            "Se registró dos veces");
        ledger.Other(
            plan.Apartment("C 803"), today.AddDays(-2).AddHours(10).AddMinutes(2), 512_000m, PaymentState.Rejected, 2, "ilegible",
            "El soporte no se puede leer");
        ledger.Other(
            plan.Apartment("A 201"), today.AddDays(-3).AddHours(12).AddMinutes(11), 300_000m, PaymentState.Refunded, 6, "8839 7702",
            "Depósito del salón social, sin daños");
    }

    /// <summary>What was overdue at the end of each day of the last half year.</summary>
    private static async Task FiguresAsync(DemoPlan plan, Ledger ledger, CancellationToken ct)
    {
        const int Days = 180;
        var settled = new Dictionary<long, DateOnly>();
        foreach (var payment in ledger.Payments)
        {
            foreach (var charge in payment.Charges) settled[charge.Id] = DateOnly.FromDateTime(payment.At);
        }

        var change = new decimal[Days + 2];
        foreach (var charge in ledger.Charges)
        {
            var from = Math.Max(0, Days - (plan.Today.DayNumber - charge.DueOn.DayNumber) + 1);
            var until = settled.TryGetValue(charge.Id, out var day) ? Days - (plan.Today.DayNumber - day.DayNumber) : Days + 1;
            if (until <= from || from > Days) continue;
            change[from] += charge.Amount;
            change[Math.Min(until, Days + 1)] -= charge.Amount;
        }

        var figures = plan.Writer.Into("daily_figures", "day", "name", "value");
        var owed = 0m;
        for (var i = 0; i < Days; i++)
        {
            owed += change[i];
            await figures.AddAsync(ct, plan.Today.AddDays(i - Days), DailyFigure.Arrears, owed);
        }

        await figures.FlushAsync(ct);
    }

    private sealed class LedgerCharge(long id, DemoApartment apartment)
    {
        public long Id { get; } = id;
        public DemoApartment Apartment { get; } = apartment;
        public ChargeKind Kind { get; init; }
        public string Concept { get; init; } = "";
        public string? Detail { get; init; }
        public string? Number { get; init; }
        public DateOnly? Period { get; init; }
        public decimal Amount { get; init; }
        public decimal Paid { get; set; }
        public DateOnly IssuedOn { get; init; }
        public DateOnly DueOn { get; init; }
        public long? ReservationId { get; init; }
    }

    private sealed record LedgerPayment(
        DemoApartment Apartment, DateTime At, decimal Amount, PaymentState State, int Method, string? Reference, string? Reason,
        IReadOnlyList<LedgerCharge> Charges);

    private sealed class Ledger(DemoPlan plan)
    {
        public List<LedgerCharge> Charges { get; } = [];
        public List<LedgerPayment> Payments { get; } = [];

        public LedgerCharge Charge(
            DemoApartment apartment, ChargeKind kind, string concept, string? detail, string? number, DateOnly? period, decimal amount,
            DateOnly issued, DateOnly due, long? reservation = null)
        {
            var charge = new LedgerCharge(plan.Writer.NextId("charges"), apartment)
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
            };
            Charges.Add(charge);
            return charge;
        }

        public void Pay(DemoApartment apartment, DateTime at, IReadOnlyList<LedgerCharge> charges)
        {
            var amount = 0m;
            foreach (var charge in charges)
            {
                amount += charge.Amount;
                charge.Paid = charge.Amount;
            }

            var (method, reference) = plan.Random.Next(100) switch
            {
                < 55 => (6, $"{plan.Random.Next(8000, 8999)} {plan.Random.Next(1000, 9999)}"),
                < 85 => (2, $"00{plan.Random.Next(10, 99)} {plan.Random.Next(100, 999)}"),
                < 92 => (3, $"•• {plan.Random.Next(1000, 9999)}"),
                < 96 => (4, $"•• {plan.Random.Next(1000, 9999)}"),
                _ => (1, $"caja {plan.Random.Next(1, 3)}"),
            };
            Payments.Add(new LedgerPayment(apartment, at, amount, PaymentState.Paid, method, reference, null, charges));
        }

        public void Other(
            DemoApartment apartment, DateTime at, decimal amount, PaymentState state, int method, string reference,
            string? reason) => Payments.Add(new LedgerPayment(apartment, at, amount, state, method, reference, reason, []));

        public async Task WriteAsync(CancellationToken ct)
        {
            var writer = plan.Writer;
            var charges = writer.Into(
                "charges", "id", "apartment_id", "owner_id", "kind", "concept", "detail", "number", "period", "amount", "paid", "issued_on",
                "due_on", "status", "reservation_id", "created_at");
            foreach (var c in Charges)
            {
                await charges.AddAsync(
                    ct, c.Id, c.Apartment.Id, c.Apartment.Owner?.OwnerId, c.Kind, c.Concept, c.Detail, c.Number, c.Period, c.Amount, c.Paid,
                    c.IssuedOn, c.DueOn, c.Paid == c.Amount ? ChargeState.Paid : ChargeState.Open, c.ReservationId,
                    plan.Instant(c.IssuedOn, 6, 0));
            }

            await charges.FlushAsync(ct);

            var payments = writer.Into(
                "payments", "id", "amount", "payment_date", "payment_time", "status_id", "owner_id", "apartment_id", "reference_number",
                "payment_method_id", "receipt_number", "verification_code", "recorded_by", "confirmed_by", "confirmed_at", "cancelled_by",
                "cancelled_at", "cancel_reason", "created_at", "updated_at");
            var applications = writer.Into("payment_applications", "payment_id", "charge_id", "line", "owed", "amount");
            var receipts = new Dictionary<int, int>();
            foreach (var p in Payments.Where(p => p.Apartment.Owner is not null).OrderBy(p => p.At))
            {
                var id = writer.NextId("payments");
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
                    p.Apartment.Id, p.Reference, p.Method, receipt, issued ? Code() : null,
                    p.Method == 1 ? plan.Staff.UserId : p.Apartment.Owner.UserId, issued ? plan.Staff.UserId : null,
                    issued ? plan.Instant(confirmed) : null, ended ? plan.Admin.UserId : null, ended ? plan.Instant(confirmed) : null,
                    p.Reason, plan.Instant(p.At), plan.Instant(confirmed));
                for (var line = 0; line < p.Charges.Count; line++)
                {
                    await applications.AddAsync(ct, id, p.Charges[line].Id, line + 1, p.Charges[line].Amount, p.Charges[line].Amount);
                }
            }

            await payments.FlushAsync(ct);
            await applications.FlushAsync(ct);

            var sequences = writer.Into("sequences", "name", "year", "last_number");
            foreach (var (year, last) in receipts) await sequences.AddAsync(ct, "RC", year, last);
            await sequences.FlushAsync(ct);
        }

        private string Code()
        {
            const string letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
            var code = new char[9];
            for (var i = 0; i < code.Length; i++) code[i] = i == 4 ? '-' : letters[plan.Random.Next(letters.Length)];
            return new string(code);
        }
    }
}
