using System.Globalization;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Demo;

/// <summary>Two years of fees, interest, bookings and the payments that settled most of them.</summary>
internal static class DemoMoney
{
    private const int Months = 24;

    /// <summary>After so many apartments a line tells how far it is.</summary>
    private const int Step = 2_000;

    private static readonly CultureInfo Spanish = CultureInfo.GetCultureInfo("es-CO");

    public static async Task WriteAsync(DemoPlan plan, IReadOnlyList<DemoBooking> bookings, CancellationToken ct)
    {
        var ledger = new DemoLedger(plan);
        await RunsAsync(plan, ct);
        var profiles = Profiles(plan);
        foreach (var apartment in plan.Apartments)
        {
            if (apartment.Id % Step == 0) plan.Progress.Report($"charges of {apartment.Id} of {plan.Apartments.Count} apartments");
            if (apartment.Owner is null) continue;
            Fees(plan, ledger, apartment, profiles.GetValueOrDefault(apartment.Id));
            Facade(plan, ledger, apartment, isDebtor: profiles.ContainsKey(apartment.Id));
            await ledger.WriteChargesAsync(ct);
        }

        foreach (var booking in bookings) Booking(plan, ledger, booking);
        await ledger.WriteChargesAsync(ct);
        Story(plan, ledger);
        await ledger.WritePaymentsAsync(ct);
        await FiguresAsync(plan, ledger, ct);
        await BillingAsync(plan, ct);
        plan.Progress.Report($"{ledger.Charged} charges and {ledger.Paid} payments");
    }

    /// <summary>A run for each month of fees; what it charged is counted when its charges stand.</summary>
    private static async Task RunsAsync(DemoPlan plan, CancellationToken ct)
    {
        var runs = plan.Writer.Into(
            "billing_runs", "id", "concept_id", "period", "issued_on", "due_on", "charges", "total", "posted_by", "created_at");
        for (var back = Months; back >= 0; back--)
        {
            var month = new DateOnly(plan.Today.Year, plan.Today.Month, 1).AddMonths(-back);
            await runs.AddAsync(
                ct, Months - back + 1, 1, month, month, back == 0 ? month.AddMonths(1).AddDays(-1) : month.AddDays(14), 0, 0m,
                plan.Admin.UserId,
                plan.Instant(month, 6, 0));
        }

        await runs.FlushAsync(ct);
    }

    /// <summary>
    /// What billing knows of it: the sums of the runs, rates of interest, which days of this month are counted already, who rents a parking
    /// space.
    /// </summary>
    private static async Task BillingAsync(DemoPlan plan, CancellationToken ct)
    {
        var month = new DateOnly(plan.Today.Year, plan.Today.Month, 1);
        var rates = plan.Writer.Into("interest_rates", "month", "certified", "resolution");
        for (var back = Months; back >= 0; back--)
        {
            var of = month.AddMonths(-back);
            await rates.AddAsync(ct, of, 16.20m + of.Month % 5 * 0.14m, $"Resolución {1_400 + of.Month * 37} de {of.Year}");
        }

        await rates.FlushAsync(ct);
        await plan.Writer.ExecuteAsync(
            FormattableString.Invariant($"""
            UPDATE billing_runs AS r INNER JOIN (
                SELECT run_id, COUNT(*) AS charges, SUM(amount) AS total FROM charges WHERE run_id IS NOT NULL GROUP BY run_id
            ) AS c ON c.run_id = r.id SET r.charges = c.charges, r.total = c.total;
            INSERT INTO settings (name, value) VALUES ('interest_since', '{month:yyyy-MM-dd}');
            INSERT INTO interest_segments (charge_id, base_charge_id, from_on, to_on, balance, yearly, day_rate, exact)
            SELECT i.id, f.id, GREATEST(DATE_ADD(f.due_on, INTERVAL 1 DAY), i.period), i.due_on, f.amount, 24.36, 0.00065,
                f.amount * 0.00065 * (DATEDIFF(i.due_on, GREATEST(DATE_ADD(f.due_on, INTERVAL 1 DAY), i.period)) + 1)
            FROM charges AS i INNER JOIN charges AS f ON f.apartment_id = i.apartment_id AND f.kind = 'fee' AND f.status = 'open'
                AND f.due_on < i.due_on
            WHERE i.kind = 'interest' AND i.period = '{month:yyyy-MM-dd}' ORDER BY i.id, f.id;
            INSERT INTO concept_apartments (concept_id, apartment_id, amount, reason)
            SELECT 7, id, 90000, 'Cupo de visitantes en arriendo' FROM apartments WHERE owner_id IS NOT NULL AND MOD(id, 14) = 3
            ORDER BY id
            """),
            ct
        );
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

    private static void Fees(DemoPlan plan, DemoLedger ledger, DemoApartment apartment, int unpaid)
    {
        var random = plan.Random;
        var isStory = apartment.Id == plan.Apartment("B 1204").Id;
        var late = new List<DemoCharge>();
        for (var back = Months; back >= 0; back--)
        {
            var month = new DateOnly(plan.Today.Year, plan.Today.Month, 1).AddMonths(-back);
            var last = month.AddMonths(1).AddDays(-1);
            // This month the assembly gave time until its end.
            var due = back == 0 ? last : month.AddDays(14);
            var amount = FeeOf(plan, apartment, month);
            var charge = ledger.Charge(apartment, ChargeKind.Fee, $"Administración de {month.ToString("MMMM 'de' yyyy", Spanish)}", null,
                $"A-{month:yyyy-MM}-{apartment.Code}", month, amount, month, due, run: Months - back + 1);

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
            if (paidAt < plan.Now.AddHours(-20)) ledger.Pay(apartment, paidAt, charge);
        }

        Interest(plan, ledger, apartment, late);
    }

    /// <summary>The assembly's six instalments for the facade, of which two have fallen due; some have not paid the second.</summary>
    private static void Facade(DemoPlan plan, DemoLedger ledger, DemoApartment apartment, bool isDebtor)
    {
        var story = apartment.Id == plan.Apartment("B 1204").Id;
        for (var back = 2; back >= 1; back--)
        {
            var month = new DateOnly(plan.Today.Year, plan.Today.Month, 1).AddMonths(-back);
            var due = month.AddMonths(1).AddDays(-1);
            var charge = ledger.Charge(
                apartment, ChargeKind.ExtraFee, $"Cuota extraordinaria fachada, {3 - back} de 6", null,
                $"E-{month:yyyy-MM}-{apartment.Code}", month, 210_000m, month, due);
            if (!story && back == 1 && !isDebtor && plan.Random.Next(7) == 0) continue;
            ledger.Pay(
                apartment, month.AddDays(plan.Random.Next(2, 27)).ToDateTime(new TimeOnly(plan.Random.Next(7, 21), plan.Random.Next(60))),
                charge);
        }
    }

    /// <summary>Fees rise in April, as the assembly decides in March.</summary>
    public static decimal FeeOf(DemoPlan plan, DemoApartment apartment, DateOnly month) =>
        month >= Rise(plan.Today) ? apartment.Fee : Math.Round(apartment.Fee * 0.93m / 500m) * 500m;

    private static DateOnly Rise(DateOnly today) => new(today.Month >= 4 ? today.Year : today.Year - 1, 4, 1);

    /// <summary>One charge of simple interest per month, on the fees that were past due in it.</summary>
    private static void Interest(DemoPlan plan, DemoLedger ledger, DemoApartment apartment, IReadOnlyList<DemoCharge> unpaid)
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
                until, bears: late is [var only] ? only.Fee : null);
        }
    }

    private static void Booking(DemoPlan plan, DemoLedger ledger, DemoBooking booking)
    {
        var day = DateOnly.FromDateTime(booking.Start);
        var charge = ledger.Charge(
            booking.Apartment, ChargeKind.Booking, $"Reserva {booking.Facility}, {day.ToString("d 'de' MMMM", Spanish)}",
            $"Reserva {booking.Number}", null, null, booking.Cost, DateOnly.FromDateTime(booking.BookedAt),
            new DateOnly(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month)), booking.Id);
        if (!booking.Settled) return;
        var paid = booking.BookedAt.AddMinutes(plan.Random.Next(5, 600));
        ledger.Pay(booking.Apartment, paid < plan.Now ? paid : plan.Now, charge);
    }

    /// <summary>The last days as they are told in the screens: what waits to be confirmed, a void, a rejection, a refund.</summary>
    private static void Story(DemoPlan plan, DemoLedger ledger)
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
    private static async Task FiguresAsync(DemoPlan plan, DemoLedger ledger, CancellationToken ct)
    {
        var figures = plan.Writer.Into("daily_figures", "day", "name", "value");
        var owed = 0m;
        for (var i = 0; i < DemoLedger.Days; i++)
        {
            owed += ledger.Arrears[i];
            await figures.AddAsync(ct, plan.Today.AddDays(i - DemoLedger.Days), DailyFigure.Arrears, owed);
        }

        await figures.FlushAsync(ct);

        // As the nightly job would have kept it, where somebody paid.
        var month = new DateOnly(plan.Today.Year, plan.Today.Month, 1);
        await plan.Writer.ExecuteAsync(
            FormattableString.Invariant($"""
            INSERT INTO daily_figures (day, name, value)
            SELECT d.day, '{DailyFigure.FeesCollected}', SUM(d.amount) OVER (PARTITION BY d.period ORDER BY d.day)
            FROM (
                SELECT c.period, GREATEST(p.payment_date, c.period) AS day, SUM(a.amount) AS amount
                FROM charges AS c
                INNER JOIN payment_applications AS a ON a.charge_id = c.id
                INNER JOIN payments AS p ON p.id = a.payment_id
                WHERE c.kind = 'fee' AND c.period IN ('{month.AddMonths(-1):yyyy-MM-dd}', '{month:yyyy-MM-dd}')
                    AND p.status_id = 1 AND p.payment_date <= LAST_DAY(c.period) AND p.payment_date < '{plan.Today:yyyy-MM-dd}'
                GROUP BY c.period, GREATEST(p.payment_date, c.period)
            ) AS d
            """),
            ct
        );
    }
}
