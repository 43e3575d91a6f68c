using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Payments;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Payments;

public sealed class PaymentDeskTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task A_recorded_payment_has_its_receipt_at_once_and_is_applied_line_by_line()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var fee = await world.ChargeAsync(home, 510_000, issued: new(2026, 10, 1));
        var booking = await world.ChargeAsync(home, 100_000, ChargeKind.Booking, new(2026, 11, 12));
        var interest = await world.ChargeAsync(home, 5_386, ChargeKind.Interest, new(2026, 10, 31));
        var staff = await world.StaffAsync();

        var id = (await world.Desk.RecordAsync(PaymentWorld.Input(home, 550_000), staff, default)).Value;

        var payment = (await world.Payments.FindAsync(id, staff, default))!;
        Assert.Equal("RC-2026-000001", payment.Receipt);
        Assert.Matches("^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$", payment.VerificationCode);
        Assert.Equal((PaymentState.Paid, "Andrea Ruiz", "Daniela Torres"), (payment.State, payment.Payer, payment.ConfirmedBy));
        Assert.Equal([5_386m, 510_000m, 34_614m], payment.Lines.Select(l => l.Amount));
        Assert.Equal([0m, 0m, 65_386m], payment.Lines.Select(l => l.Left));
        Assert.Equal(ChargeState.Paid, (await world.FindChargeAsync(interest)).Status);
        Assert.Equal(ChargeState.Paid, (await world.FindChargeAsync(fee)).Status);
        Assert.Equal((ChargeState.Open, 34_614m), (await world.FindChargeAsync(booking)) is var open ? (open.Status, open.Paid) : default);
    }

    [Fact]
    public async Task What_no_charge_takes_stays_as_credit_and_pays_the_next_one()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        await world.ChargeAsync(home, 100_000);
        var first = await world.PaidAsync(home, 130_000);
        Assert.Equal((100_000m, 30_000m), (first.Applied, first.Credit));
        Assert.Equal(30_000m, (await world.Accounts.FindAsync(home.Id, home.User, default))!.Credit);
        var next = await world.ChargeAsync(home, 50_000);

        await world.PaidAsync(home, 20_000);

        Assert.Equal(ChargeState.Paid, (await world.FindChargeAsync(next)).Status);
        var credited = (await world.Payments.FindAsync(first.Id, home.User, default))!;
        Assert.Equal([100_000m], credited.Lines.Select(l => l.Amount));
        Assert.Equal([30_000m], credited.Later.Select(l => l.Line.Amount));
        Assert.Equal("NA-2026-000001", Assert.Single(credited.Notes).Number);
        var account = (await world.Accounts.FindAsync(home.Id, home.User, default))!;
        Assert.Equal((0m, 0m), (account.Owed, account.Credit));
    }

    [Fact]
    public async Task A_payer_names_what_they_pay_and_the_receipt_says_so()
    {
        await using var world = new PaymentWorld(Database);
        var (home, neighbour) = (await world.HomeAsync(), await world.HomeAsync("Luis", "Quintero"));
        var october = await world.ChargeAsync(home, 400_000, issued: new(2026, 10, 1), due: new(2026, 10, 15));
        var interest = await world.ChargeAsync(home, 3_824, ChargeKind.Interest, new(2026, 10, 31), new(2026, 10, 31));
        var november = await world.ChargeAsync(home, 400_000, issued: new(2026, 11, 1), due: new(2026, 11, 15));
        var december = await world.ChargeAsync(home, 400_000, issued: new(2026, 11, 20), due: new(2026, 12, 31));
        await Database.ExecuteAsync($"UPDATE charges SET base_charge_id = {october} WHERE id = {interest}");
        var (staff, input) = (await world.StaffAsync(), PaymentWorld.Input(home, 403_824));

        // Nobody names what is paid, is somebody else's or is interest; a resident nothing that is not due.
        async Task<string?> RefusedAsync(long named, bool report = false) =>
            (report
                ? await world.Desk.ReportAsync(input with { NamedChargeId = named }, home.User, default)
                : await world.Desk.RecordAsync(input with { NamedChargeId = named }, staff, default)).Error?.Code;
        Assert.Equal("payment.named", await RefusedAsync(await world.ChargeAsync(neighbour, 1_000)));
        Assert.Equal("payment.named", await RefusedAsync(interest));
        Assert.Equal("payment.named", await RefusedAsync(long.MaxValue));
        Assert.Equal("payment.named_not_due", await RefusedAsync(december, report: true));

        // What bears no interest goes first, then the rest as the law orders it.
        var reported = (await world.Desk.ReportAsync(input with { NamedChargeId = november }, home.User, default)).Value;
        var waits = (await world.Payments.FindAsync(reported, staff, default))!;
        Assert.Equal((ChargeKind.Fee, new DateOnly(2026, 11, 1)), (waits.Named!.Kind, (await world.FindChargeAsync(november)).IssuedOn));
        Assert.Equal([400_000m, 3_824m], waits.Lines.Select(l => l.Amount));
        Assert.True((await world.Desk.ConfirmAsync(reported, staff, default)).Ok);
        Assert.Equal(ChargeState.Paid, (await world.FindChargeAsync(november)).Status);
        var facts = (await world.Get<IssuedPapers>().ReceiptAsync(reported, staff, default))!.Facts;
        Assert.Equal((true, waits.Named.Concept), (facts.ByDueDay, facts.Named));

        // Named once and paid meanwhile: the money goes as the law orders it.
        var again = (await world.Desk.ReportAsync(input with { NamedChargeId = october, Reference = "77" }, home.User, default)).Value;
        await world.PaidAsync(home, 400_000);
        Assert.True((await world.Desk.ConfirmAsync(again, staff, default)).Ok);
        Assert.Equal(400_000m, (await world.FindChargeAsync(december)).Paid);
    }

    [Fact]
    public async Task Two_people_confirming_one_payment_at_once_get_one_receipt_and_the_other_is_told()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var charge = await world.ChargeAsync(home, 300_000);
        var id = await world.ReportedAsync(home, 200_000);
        var staff = await world.StaffAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => world.Desk.ConfirmAsync(id, staff, default))));

        var won = Assert.Single(outcomes, o => o.Ok);
        Assert.All(outcomes.Where(o => !o.Ok), o =>
        {
            Assert.Equal("payment.already_confirmed", o.Error!.Code);
            Assert.Equal(["Daniela Torres", won.Value.Receipt], o.Error.Values);
        });
        Assert.Equal(200_000m, (await world.FindChargeAsync(charge)).Paid);
        Assert.Equal(1, await world.ReadAsync(db => db.PaymentApplications.CountAsync(a => a.PaymentId == id)));
    }

    [Fact]
    public async Task Fifty_confirmations_at_once_leave_no_gap_in_the_receipt_numbers()
    {
        await using var world = new PaymentWorld(Database);
        var homes = await ManyAsync(world, 10);
        List<long> reported = [];
        for (var i = 0; i < 50; i++) reported.Add(await world.ReportedAsync(homes[i % 10], 10_000 + i));
        var staff = await world.StaffAsync();

        var outcomes = await Task.WhenAll(reported.Select(id => Task.Run(() => world.Desk.ConfirmAsync(id, staff, default))));

        Assert.All(outcomes, o => Assert.True(o.Ok, o.Error?.Code));
        Assert.Equal(Enumerable.Range(1, 50).Select(n => $"RC-2026-{n:000000}"), outcomes.Select(o => o.Value.Receipt).Order());
        foreach (var home in homes)
        {
            // Five payments went to one charge of 30 000; the rest is credit and nothing was applied twice.
            var account = (await world.Accounts.FindAsync(home.Id, home.User, default))!;
            Assert.Equal(0, account.Owed);
            Assert.Equal(reported.Select((_, i) => i).Where(i => homes[i % 10] == home).Sum(i => 10_000 + i) - 30_000, account.Credit);
        }
    }

    [Fact]
    public async Task A_number_that_was_taken_by_a_refused_write_is_given_back()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        await world.PaidAsync(home, 1_000);
        var staff = await world.StaffAsync();
        var refused = await world.Store.WriteAsync<string>(staff, async (db, ct) =>
        {
            await Portal.Data.Operations.Numbering.NextAsync(db, PaymentDesk.Series, 2026, ct);
            return new Error("later.trouble");
        }, default);

        Assert.False(refused.Ok);
        Assert.Equal("RC-2026-000002", (await world.PaidAsync(home, 1_000)).Receipt);
    }

    [Fact]
    public async Task A_void_reopens_every_charge_and_keeps_both_rows()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var fee = await world.ChargeAsync(home, 100_000);
        var fine = await world.ChargeAsync(home, 100_000, ChargeKind.Fine);
        var paid = await world.PaidAsync(home, 150_000);
        var admin = await world.AdminAsync();

        var reopened = await world.Desk.VoidAsync(paid.Id, "Se registró dos veces", admin, default);

        Assert.Equal(2, reopened.Value);
        Assert.All(
            [await world.FindChargeAsync(fee), await world.FindChargeAsync(fine)],
            c => Assert.Equal((ChargeState.Open, 0m), (c.Status, c.Paid))
        );
        var payment = (await world.Payments.FindAsync(paid.Id, admin, default))!;
        Assert.Equal(
            (PaymentState.Cancelled, paid.Receipt, "Se registró dos veces", "Carolina Mejía"),
            (payment.State, payment.Receipt, payment.EndReason, payment.EndedBy)
        );
        Assert.Equal(2, payment.Lines.Count(l => l.Reversed));
        Assert.Equal("payment.already_voided", (await world.Desk.VoidAsync(paid.Id, "otra vez", admin, default)).Error!.Code);
        Assert.Equal("payment.already_voided", (await world.Desk.ConfirmAsync(paid.Id, admin, default)).Error!.Code);
        Assert.False((await world.Verification.FindReceiptAsync(paid.VerificationCode, default))!.Valid);
    }

    [Fact]
    public async Task After_a_void_the_credit_of_another_payment_covers_what_it_can()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var fee = await world.ChargeAsync(home, 100_000);
        var first = await world.PaidAsync(home, 100_000);
        await world.PaidAsync(home, 70_000);

        Assert.True((await world.Desk.VoidAsync(first.Id, "Cheque devuelto", CurrentUser.System, default)).Ok);

        Assert.Equal(
            (ChargeState.Open, 70_000m),
            (await world.FindChargeAsync(fee)) is var charge ? (charge.Status, charge.Paid) : default
        );
        Assert.Equal(30_000m, (await world.Accounts.FindAsync(home.Id, home.User, default))!.ToPay);
    }

    [Fact]
    public async Task A_rejected_payment_keeps_its_reason_and_gets_no_number()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var id = await world.ReportedAsync(home, 50_000);
        var staff = await world.StaffAsync();

        Assert.Equal("required", (await world.Desk.RejectAsync(id, "  ", staff, default)).Error!.Code);
        Assert.True((await world.Desk.RejectAsync(id, "El soporte no se puede leer", staff, default)).Ok);

        var payment = (await world.Payments.FindAsync(id, home.User, default))!;
        Assert.Equal((PaymentState.Rejected, null, "El soporte no se puede leer"), (payment.State, payment.Receipt, payment.EndReason));
        Assert.Equal("payment.already_rejected", (await world.Desk.ConfirmAsync(id, staff, default)).Error!.Code);
    }

    [Fact]
    public async Task Everything_wrong_with_a_payment_is_said_at_once()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var stranger = await world.HomeAsync("Luis", "Quintero");
        var staff = await world.StaffAsync();

        var refused = await world.Desk.RecordAsync(
            new(home.Id, stranger.OwnerId, -5, null, new string('9', 51), PaymentWorld.Today.AddDays(1), null, null), staff, default);

        Assert.Equal(
            ["payment.amount", "payment.future", "payment.payer", "required", "too_long"],
            refused.Errors.Select(e => e.Code).Order()
        );
        Assert.Equal("payment.amount_whole", (await world.Desk.RecordAsync(PaymentWorld.Input(home, 10.5m), staff, default)).Error!.Code);
        Assert.Equal(
            "payment.too_old",
            (await world.Desk.RecordAsync(PaymentWorld.Input(home, 10) with { Date = new(2006, 11, 20) }, staff, default)).Error!.Code
        );
        Assert.Equal(
            "required",
            (await world.Desk.ReportAsync(PaymentWorld.Input(home, 10, reference: " "), home.User, default)).Error!.Code
        );
        Assert.Equal(0, await world.ReadAsync(db => db.Payments.CountAsync(p => p.ApartmentId == home.Id)));
    }

    [Fact]
    public async Task The_same_reference_and_amount_is_pointed_out_and_not_forbidden()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var staff = await world.StaffAsync();
        var first = (await world.Desk.RecordAsync(PaymentWorld.Input(home, 90_000, "PSE 7"), staff, default)).Value;

        var twin = Assert.Single(await world.Payments.FindTwinsAsync(90_000, " PSE 7 ", null, null, staff, default));
        Assert.Equal(first, twin.Id);
        Assert.Empty(await world.Payments.FindTwinsAsync(90_001, "PSE 7", null, null, staff, default));
        var second = await world.Desk.RecordAsync(PaymentWorld.Input(home, 90_000, "PSE 7"), staff, default);
        Assert.Equal(first, Assert.Single((await world.Payments.FindAsync(second.Value, staff, default))!.Twins).Id);
    }

    [Fact]
    public async Task Without_a_reference_the_same_apartment_amount_and_day_are_pointed_out()
    {
        await using var world = new PaymentWorld(Database);
        var (home, other) = (await world.HomeAsync(), await world.HomeAsync());
        var staff = await world.StaffAsync();
        var input = PaymentWorld.Input(home, 91_000, "CJ 1");
        var first = (await world.Desk.RecordAsync(input, staff, default)).Value;
        Task<IReadOnlyList<PaymentTwin>> Find(string? reference, long apartment, DateOnly day) =>
            world.Payments.FindTwinsAsync(91_000, reference, apartment, day, staff, default);

        Assert.Equal(first, Assert.Single(await Find(" ", home.Id, input.Date)).Id);
        Assert.Empty(await Find(null, other.Id, input.Date));
        Assert.Empty(await Find(null, home.Id, input.Date.AddDays(-1)));
        // Two references are two payments.
        Assert.Empty(await Find("CJ 2", home.Id, input.Date));
    }

    [Fact]
    public async Task Every_change_leaves_its_line_in_the_audit_log()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        await world.ChargeAsync(home, 40_000);
        var id = await world.ReportedAsync(home, 40_000);
        var staff = await world.StaffAsync();

        await world.Desk.ConfirmAsync(id, staff, default);

        var lines = await world.ReadAsync(db =>
            db.AuditLog.Where(e => e.UserId == staff.Id).OrderBy(e => e.Id).Select(e => e.TableName + " " + e.Action).ToListAsync()
        );
        Assert.Equal(["charges update", "notifications insert", "payment_applications insert", "payments update"], lines.Order());
        var told = await world.ReadAsync(db => db.Notifications.SingleAsync());
        Assert.Equal(
            (home.User.Id, "payment.confirmed", "RC-2026-000001 · $ 40.000", $"/payments/{id}"),
            (told.RecipientId, told.Type, told.Message, told.Link)
        );
    }

    [Fact]
    public async Task A_payment_of_an_adopted_database_is_confirmed_for_the_only_apartment_of_its_payer()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        await world.ChargeAsync(home, 40_000);
        await Database.ExecuteAsync(
            $"INSERT INTO payments (id, amount, payment_date, status_id, owner_id) VALUES (901, 40000, '2026-11-02', 2, {home.OwnerId})"
        );

        Assert.True((await world.Desk.ConfirmAsync(901, await world.StaffAsync(), default)).Ok);

        Assert.Equal(0, (await world.Accounts.FindAsync(home.Id, home.User, default))!.Owed);
    }

    private static async Task<List<PaymentWorld.Home>> ManyAsync(PaymentWorld world, int count)
    {
        List<PaymentWorld.Home> homes = [];
        for (var i = 0; i < count; i++)
        {
            homes.Add(await world.HomeAsync());
            await world.ChargeAsync(homes[^1], 30_000);
        }

        return homes;
    }
}
