using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Bank;
using Portal.Data.OnlinePayments;
using Portal.Data.Payments;
using Portal.Tests.Ledger;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.OnlinePayments;

/// <summary>
/// What a gateway says becomes money once: told twice, late, out of order, with another amount, forged, or not at all.
/// </summary>
public sealed class OnlinePaymentTests(TestDatabase database) : LedgerTest(database)
{
    private static readonly Uri Home = new("https://portal.example/");
    private static readonly DateTime Now = new(2026, 11, 20, 15, 24, 0, DateTimeKind.Utc);

    private readonly ScriptedGateway _gateway = new();
    private int _events;

    private OnlineDesk Gate =>
        new(World.Store, World.Get<BuildingClock>(), World.Desk, [_gateway], NullLogger<OnlineDesk>.Instance);

    private OnlineService Online => World.Get<OnlineService>();

    [Fact]
    public async Task An_approved_payment_has_its_receipt_and_lies_at_the_gateway()
    {
        var (home, charge, code) = await BegunAsync(300_000m);
        Assert.Equal((code, 300_000m, $"https://portal.example/payments/online/{code}"), (_gateway.Begun[0].Code, _gateway.Begun[0].Amount, _gateway.Begun[0].ReturnTo));

        await ToldAsync(Report(code, OnlineState.Pending, 300_000m));
        await ToldAsync(Report(code, OnlineState.Approved, 300_000m, "41220817"));

        var payment = await PaymentAsync(code);
        Assert.Equal((PaymentState.Paid, 300_000m, "41220817", Today), (payment.StatusId, payment.Amount, payment.ReferenceNumber, payment.PaymentDate));
        Assert.Equal("RC-2026-000001", payment.ReceiptNumber);
        Assert.Equal(ChargeState.Paid, (await World.FindChargeAsync(charge)).Status);
        Assert.Equal((300_000m, 0m), (await BalanceAsync(Of.Gateway), await BalanceAsync(Of.Bank)));
        await BooksAgreeAsync();
        var found = (await Online.FindAsync(code, home.User, default))!;
        Assert.Equal((OnlineState.Approved, "RC-2026-000001", 0), (found.Row.State, found.Row.Receipt, found.Events.Count));
        Assert.Equal(2, (await Online.FindAsync(code, Admin, default))!.Events.Count);
    }

    [Fact]
    public async Task Told_many_times_at_once_and_found_by_asking_meanwhile_it_is_one_payment()
    {
        var (home, _, code) = await BegunAsync(300_000m);
        var approved = Report(code, OnlineState.Approved, 300_000m);
        _gateway.Knows[code] = approved;
        var same = Body(approved, "evt_same");
        await Task.WhenAll([
            .. Enumerable.Range(0, 4).Select(_ => Gate.ReceiveAsync(same, ScriptedGateway.Signature, default)),
            .. Enumerable.Range(0, 3).Select(i => Gate.ReceiveAsync(Body(approved, $"evt_{i}"), ScriptedGateway.Signature, default)),
            Gate.RefreshAsync(code, home.User, default).ContinueWith(_ => EventAnswer.Taken, TaskScheduler.Default),
        ]);

        Assert.Equal(1, await World.ReadAsync(db => db.Payments.CountAsync()));
        Assert.Equal(1, await World.ReadAsync(db => db.OnlineEvents.CountAsync(e => e.EventId == "evt_same")));
        Assert.Equal(1, await World.ReadAsync(db => db.OnlineEvents.CountAsync(e => e.Outcome == EventOutcome.Applied)));
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task Another_amount_waits_for_the_office_who_takes_what_came()
    {
        var (home, charge, code) = await BegunAsync(300_000m);
        await ToldAsync(Report(code, OnlineState.Approved, 299_000m));
        await ToldAsync(Report(code, OnlineState.Approved, 299_000m));

        Assert.Equal(0, await World.ReadAsync(db => db.Payments.CountAsync()));
        var row = (await Online.FindAsync(code, Admin, default))!.Row;
        Assert.Equal((OnlineState.Review, ReviewReason.Amount, 299_000m), (row.State, row.Reason, row.Received));
        Assert.Equal(1, await World.ReadAsync(db => db.Notifications.CountAsync(n => n.Type == "online.review" && n.RecipientId == Admin.Id)));
        Assert.Equal("forbidden", (await Gate.AcceptAsync(row.Id, home.User, default)).Error!.Code);

        var done = await Gate.AcceptAsync(row.Id, Admin, default);
        Assert.True(done.Ok, done.Error?.Code);
        Assert.Equal((299_000m, 1_000m), (done.Value.Applied, (await World.FindChargeAsync(charge)).Left));
        Assert.Equal("online.not_review", (await Gate.AcceptAsync(row.Id, Admin, default)).Error!.Code);
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task What_is_final_stays_whatever_is_told_afterwards()
    {
        var (_, _, code) = await BegunAsync(300_000m);
        await ToldAsync(Report(code, OnlineState.Approved, 300_000m));
        foreach (var late in new[] { OnlineState.Started, OnlineState.Pending, OnlineState.Declined, OnlineState.Expired, OnlineState.Approved })
            await ToldAsync(Report(code, late, 300_000m));

        var found = (await Online.FindAsync(code, Admin, default))!;
        Assert.Equal(OnlineState.Approved, found.Row.State);
        Assert.Equal(5, found.Events.Count(e => e.Outcome == EventOutcome.Stale));
        Assert.Equal(1, await World.ReadAsync(db => db.Payments.CountAsync()));
    }

    [Fact]
    public async Task Who_paid_after_it_expired_here_has_paid_on_the_day_they_paid()
    {
        var (_, _, code) = await BegunAsync(300_000m);
        World.On(new(2026, 11, 22));
        await Gate.AskAllAsync(default);
        Assert.Equal(OnlineState.Expired, await StateAsync(code));

        await ToldAsync(Report(code, OnlineState.Approved, 300_000m) with { At = Now.AddMinutes(20) });
        Assert.Equal((OnlineState.Approved, new DateOnly(2026, 11, 20)), (await StateAsync(code), (await PaymentAsync(code)).PaymentDate));
    }

    [Fact]
    public async Task A_clock_that_is_ahead_dates_no_receipt_in_the_future()
    {
        var (_, _, code) = await BegunAsync(300_000m);
        await ToldAsync(Report(code, OnlineState.Approved, 300_000m) with { At = Now.AddDays(1) });
        Assert.Equal(Today, (await PaymentAsync(code)).PaymentDate);
    }

    [Fact]
    public async Task Approved_after_it_was_declined_is_for_a_person_to_judge()
    {
        var (_, _, code) = await BegunAsync(300_000m);
        await ToldAsync(Report(code, OnlineState.Declined, 300_000m));
        await ToldAsync(Report(code, OnlineState.Approved, 300_000m));
        var row = (await Online.FindAsync(code, Admin, default))!.Row;
        Assert.Equal((OnlineState.Review, ReviewReason.AfterDeclined), (row.State, row.Reason));
        Assert.Equal(0, await World.ReadAsync(db => db.Payments.CountAsync()));
    }

    [Fact]
    public async Task Another_currency_is_only_given_back()
    {
        var (_, _, code) = await BegunAsync(300_000m);
        await ToldAsync(Report(code, OnlineState.Approved, 300_000m) with { Currency = "USD" });
        var row = (await Online.FindAsync(code, Admin, default))!.Row;
        Assert.Equal("online.currency", (await Gate.AcceptAsync(row.Id, Admin, default)).Error!.Code);
        _gateway.Knows[code] = Report(code, OnlineState.Refunded, 300_000m);
        Assert.True((await Gate.RefundAsync(row.Id, Admin, default)).Ok);
        Assert.Equal(OnlineState.Refunded, await StateAsync(code));
    }

    [Fact]
    public async Task What_the_gateway_gave_back_voids_its_receipt_and_is_owed_again()
    {
        var (home, charge, code) = await BegunAsync(300_000m);
        await ToldAsync(Report(code, OnlineState.Approved, 300_000m));
        var row = (await Online.FindAsync(code, Admin, default))!.Row;
        Assert.Equal("forbidden", (await Gate.RefundAsync(row.Id, home.User, default)).Error!.Code);
        Assert.Equal("online.no_refund", (await Gate.RefundAsync(row.Id, Admin, default)).Error!.Code);
        _gateway.Knows[code] = Report(code, OnlineState.Refunded, 300_000m);

        Assert.True((await Gate.RefundAsync(row.Id, Admin, default)).Ok);
        await ToldAsync(Report(code, OnlineState.Refunded, 300_000m));

        Assert.Equal(PaymentState.Cancelled, (await PaymentAsync(code)).StatusId);
        Assert.Equal((ChargeState.Open, 300_000m), ((await World.FindChargeAsync(charge)).Status, (await World.FindChargeAsync(charge)).Left));
        Assert.Equal(0m, await BalanceAsync(Of.Gateway));
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task Given_back_before_it_was_told_to_be_approved_it_was_never_paid()
    {
        var (_, _, code) = await BegunAsync(300_000m);
        await ToldAsync(Report(code, OnlineState.Refunded, 300_000m));
        await ToldAsync(Report(code, OnlineState.Approved, 300_000m));
        Assert.Equal(OnlineState.Refunded, await StateAsync(code));
        Assert.Equal(0, await World.ReadAsync(db => db.Payments.CountAsync()));
    }

    [Fact]
    public async Task What_it_pays_out_is_in_the_bank_less_its_fee_once_and_is_found_in_the_banks_file()
    {
        var (_, _, code) = await BegunAsync(300_000m);
        await ToldAsync(Report(code, OnlineState.Approved, 300_000m));
        var paid = new ProviderSettlement("set_1", 300_000m, 8_650m, new(2026, 11, 19));
        Assert.Equal(EventAnswer.Taken, await Gate.ReceiveAsync(Body(paid, "evt_s1"), ScriptedGateway.Signature, default));
        Assert.Equal(EventAnswer.Taken, await Gate.ReceiveAsync(Body(paid, "evt_s1"), ScriptedGateway.Signature, default));
        Assert.Equal(EventAnswer.Taken, await Gate.ReceiveAsync(Body(paid, "evt_s2"), ScriptedGateway.Signature, default));

        Assert.Equal((0m, 291_350m, 8_650m), (await BalanceAsync(Of.Gateway), await BalanceAsync(Of.Bank), await BalanceAsync(Of.BankCosts)));
        await BooksAgreeAsync();
        var figures = (await Online.FiguresAsync(Admin, default))!;
        Assert.Equal((0m, 0, 0, new DateOnly(2026, 11, 19)), (figures.AtGateway, figures.Review, figures.Open, figures.LastSettled));

        var format = new BankFormat(';', BankFormat.Utf8, 1, 1, 2, 3, 4, null, null, null, "dd/MM/yyyy", true);
        var file = "Fecha;Descripción;Referencia;Valor\n20/11/2026;ABONO PASARELA;;291350,00\n"u8.ToArray();
        Assert.True((await World.Get<BankImporter>().ImportAsync(Of.Bank, "n.csv", file, format, false, Admin, default)).Ok);
        var line = Assert.Single((await World.Get<BankService>().WorkAsync(Of.Bank, new(2026, 11, 1), Admin, default))!.Lines);
        Assert.Equal((Certainty.Sure, MatchReason.EntryIn), (line.Proposal.Certainty, line.Proposal.Reason));
    }

    [Fact]
    public async Task What_is_not_signed_or_speaks_of_nothing_changes_nothing()
    {
        var (_, _, code) = await BegunAsync(300_000m);
        var body = Body(Report(code, OnlineState.Approved, 300_000m), "evt_1");
        Assert.Equal(EventAnswer.NotSigned, await Gate.ReceiveAsync(body, "forged", default));
        Assert.Equal(EventAnswer.NotSigned, await Gate.ReceiveAsync(body, null, default));
        Assert.Equal(EventAnswer.Taken, await Gate.ReceiveAsync(Body(Report("nobody's", OnlineState.Approved, 5m), "evt_2"), ScriptedGateway.Signature, default));
        Assert.Equal(OnlineState.Started, await StateAsync(code));
        Assert.Equal(EventOutcome.Unknown, Assert.Single(await World.ReadAsync(db => db.OnlineEvents.ToListAsync())).Outcome);
        Assert.Equal(0, await World.ReadAsync(db => db.Payments.CountAsync()));
    }

    [Fact]
    public async Task A_gateway_that_is_away_takes_nothing_and_is_asked_again()
    {
        var home = await World.HomeAsync();
        await World.ChargeAsync(home, 300_000m);
        _gateway.Away = true;
        var begun = await Gate.StartAsync(home.Id, 300_000m, "x", Home, home.User, default);
        Assert.Equal("online.away", begun.Error!.Code);

        // It had begun there all the same, and the person found the page.
        var code = await World.ReadAsync(db => db.OnlinePayments.Select(p => p.Code).SingleAsync());
        Assert.Equal("online.away", (await Gate.RefreshAsync(code, home.User, default)).Error!.Code);
        _gateway.Away = false;
        _gateway.Knows[code] = Report(code, OnlineState.Approved, 300_000m);
        World.On(Today.AddDays(1));
        Assert.Equal(1, await Gate.AskAllAsync(default));
        Assert.Equal(PaymentState.Paid, (await PaymentAsync(code)).StatusId);
        Assert.Equal(0, await Gate.AskAllAsync(default));
    }

    [Fact]
    public async Task Nobody_begins_to_pay_for_another_or_nothing()
    {
        var (home, other) = (await World.HomeAsync(), await World.HomeAsync("Jorge", "Lara"));
        Assert.Equal("not_found", (await Gate.StartAsync(other.Id, 1_000m, "x", Home, home.User, default)).Error!.Code);
        Assert.Equal("payment.amount", (await Gate.StartAsync(home.Id, 0m, "x", Home, home.User, default)).Error!.Code);
        Assert.Equal("payment.amount_whole", (await Gate.StartAsync(home.Id, 10.5m, "x", Home, home.User, default)).Error!.Code);
        Assert.Equal("forbidden", (await Gate.StartAsync(home.Id, 1_000m, "x", Home, await World.StaffAsync(), default)).Error!.Code);
        Assert.Empty(_gateway.Begun);
    }

    private async Task<(PaymentWorld.Home Home, long Charge, string Code)> BegunAsync(decimal amount)
    {
        var home = await World.HomeAsync();
        var charge = await World.ChargeAsync(home, amount);
        var begun = await Gate.StartAsync(home.Id, amount, "Administración", Home, home.User, default);
        Assert.True(begun.Ok, begun.Error?.Code);
        return (home, charge, begun.Value.Code);
    }

    private async Task ToldAsync(ProviderReport report) =>
        Assert.Equal(EventAnswer.Taken, await Gate.ReceiveAsync(Body(report, $"evt_told_{++_events}"), ScriptedGateway.Signature, default));

    private static ProviderReport Report(string code, OnlineState state, decimal amount, string? transaction = null) =>
        new(code, state, amount, "COP", transaction, Now);

    private static byte[] Body(ProviderReport report, string id) => JsonSerializer.SerializeToUtf8Bytes(new ProviderMessage(id, report, null));

    private static byte[] Body(ProviderSettlement paid, string id) => JsonSerializer.SerializeToUtf8Bytes(new ProviderMessage(id, null, paid));

    private Task<OnlineState> StateAsync(string code) =>
        World.ReadAsync(db => db.OnlinePayments.Where(p => p.Code == code).Select(p => p.State).SingleAsync());

    private Task<Payment> PaymentAsync(string code) =>
        World.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(p => p.OnlinePayment!.Code == code));

    private async Task BooksAgreeAsync()
    {
        var proof = await ProofAsync();
        Assert.True(proof.Agrees, string.Join(", ", proof.Faults));
    }
}
