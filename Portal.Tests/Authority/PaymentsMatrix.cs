using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Tests.Authority;

/// <summary>Payments and accounts. The tenant lives in the owner's apartment and still sees nothing of what the owner pays.</summary>
public sealed class PaymentsMatrix : AreaMatrix
{
    private const long Waiting = 501;
    private const long Confirmed = 502;
    private const long Note = 701;
    private const long Deposit = 602, Proof = 6_051;
    private const string Code = "7F3K-92QD";

    private static readonly Who[] OfficeAndOwner = [Who.Admin, Who.Staff, Who.Owner];

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var today = world.Clock.Today;
        var charge = new Charge
        {
            Id = 601,
            ApartmentId = AuthorityWorld.Apartment,
            Concept = "Administración",
            Amount = 90_000,
            Paid = 40_000,
            IssuedOn = today,
            DueOn = today.AddDays(-3),
        };
        db.Charges.Add(new Charge
        {
            Id = Deposit, ApartmentId = AuthorityWorld.Apartment, Kind = ChargeKind.Deposit, Concept = "Depósito", Amount = 10_000,
            Paid = 10_000, IssuedOn = today, DueOn = today, Status = ChargeState.Paid,
        });
        var (mine, owner) = (AuthorityWorld.Apartment, AuthorityWorld.OwnerRow(Who.Owner));
        db.Payments.Add(
            Payment.Record(new PaymentInput(mine, owner, 50_000, 2, "R1", today, null, null), null).With(p => p.Id, Waiting));
        byte[] slip = [0xFF, 0xD8, 0xFF, 1];
        db.PaymentProofs.Add(new PaymentProof
        {
            Id = Proof, PaymentId = Waiting, FileName = "slip.jpg", ContentType = "image/jpeg", Size = slip.Length, Content = slip,
            Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(slip)),
        });
        var confirmed = Payment.Record(new PaymentInput(mine, owner, 40_000, 2, null, today, null, null), null).With(p => p.Id, Confirmed);
        Assert.True(confirmed.Confirm(null, world.Clock.UtcNow).Ok);
        confirmed.GiveReceipt("RC-2026-000001");
        confirmed.With(p => p.VerificationCode, Code).Applications.Add(
            new PaymentApplication
            {
                Charge = charge,
                Line = 1,
                Owed = 90_000,
                Amount = 40_000,
            }
        );
        db.Payments.Add(confirmed);
        await db.SaveChangesAsync();
        var facts = """
            {"Building":{"Name":"V","LegalName":"","TaxId":"","Address":"","City":"","Phone":"","Email":"","PublicAddress":"",
            "Paper":"letter","ApplicationRule":""},"Unit":{"Tower":"A","Number":"101"},"IssuedAt":"2026-11-20T10:00:00","IssuedBy":null,"Cause":1,
            "VoidedReceipt":null,"Reason":null,"Reopened":[],"Applied":[]}
            """;
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO application_notes (id, number, verification_code, apartment_id, cause, issued_on)
            VALUES ({Note}, 'NA-2020-000001', '7F3K-92QE', {AuthorityWorld.Apartment}, 'credit', '2026-11-20')
            """);
        await db.Database.ExecuteSqlAsync($"INSERT INTO issued_papers (number, facts) VALUES ('NA-2020-000001', {facts})");
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<PaymentService>(
                nameof(PaymentService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Page.Rows.Any(r => r.Id == Waiting)), OfficeAndOwner),
            Method<PaymentService>(
                nameof(PaymentService.ExportAsync), (s, user, _) => Of(AnyAsync(s.ExportAsync(new(), user, default))), OfficeAndOwner),
            Method<PaymentService>(
                nameof(PaymentService.FindAsync), (s, user, _) => Of(s.FindAsync(Confirmed, user, default)), OfficeAndOwner),
            Method<PaymentService>(
                nameof(PaymentService.FindTwinsAsync), (s, user, _) => Of(s.FindTwinsAsync(50_000, "R1", null, null, user, default)),
                OfficeAndOwner),
            Method<PaymentService>(
                nameof(PaymentService.FindSameProofAsync),
                (s, user, _) => Of(s.FindSameProofAsync([new("x", [0xFF, 0xD8, 0xFF, 1])], user, default)), OfficeAndOwner),
            Method<PaymentService>(nameof(PaymentService.ProofAsync), (s, user, _) => Of(s.ProofAsync(Proof, user, default)), OfficeAndOwner),
            Endpoint(HttpMethod.Get, "/payments/proofs/{id:long}", $"/payments/proofs/{Proof}", OfficeAndOwner),
            Method<PaymentService>(
                nameof(PaymentService.FindApartmentsAsync), (s, user, _) => Of(s.FindApartmentsAsync("101", user, default)), Office),
            Method<PaymentService>(
                nameof(PaymentService.RecordingSheetAsync),
                (s, user, _) => Of(s.RecordingSheetAsync(AuthorityWorld.Apartment, user, default)), Office),
            Method<DepositDesk>(
                nameof(DepositDesk.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.ChargeId == Deposit)), Office),
            Method<DepositDesk>(
                nameof(DepositDesk.ReturnAsync),
                (s, user, w) => Of(s.ReturnAsync(new(Deposit, 0, null, true, null, w.Clock.Today, null), user, default)), Who.Admin),
            Page("/payments/deposits", Office),
            Open<PaymentService>(nameof(PaymentService.MethodsAsync), "which ways to pay there are is nobody's secret"),
            Method<PaymentDesk>(
                nameof(PaymentDesk.RecordAsync), (s, user, world) => Of(s.RecordAsync(Input(world), user, default)), Office),
            Method<PaymentDesk>(
                nameof(PaymentDesk.ReportAsync), (s, user, world) => Of(s.ReportAsync(Input(world), user, default)), Who.Owner),
            Method<PaymentDesk>(nameof(PaymentDesk.ConfirmAsync), (s, user, _) => Of(s.ConfirmAsync(Waiting, user, default)), Office),
            Method<PaymentDesk>(
                nameof(PaymentDesk.RejectAsync), (s, user, _) => Of(s.RejectAsync(Waiting, "ilegible", user, default)), Office),
            Method<PaymentDesk>(
                "VoidAsync(Int64, String, CurrentUser, CancellationToken)",
                (s, user, _) => Of(s.VoidAsync(Confirmed, "repetido", user, default)), Who.Admin),
            Method<PaymentDesk>(
                "VoidAsync(Int64, String, VoidTerms, CurrentUser, CancellationToken)",
                (s, user, _) => Of(s.VoidAsync(Confirmed, "repetido", new VoidTerms(), user, default)), Who.Admin),
            Method<IssuedPapers>(
                nameof(IssuedPapers.ReceiptAsync), (s, user, _) => Of(s.ReceiptAsync(Confirmed, user, default)), OfficeAndOwner),
            Method<IssuedPapers>(nameof(IssuedPapers.NoteAsync), (s, user, _) => Of(s.NoteAsync(Note, user, default)), OfficeAndOwner),
            Method<ApartmentAccounts>(
                nameof(ApartmentAccounts.FindAsync), (s, user, _) => Of(s.FindAsync(AuthorityWorld.Apartment, user, default)),
                OfficeAndOwner),
            Method<ApartmentAccounts>(
                nameof(ApartmentAccounts.OwnAsync),
                (s, user, _) => Of(s.OwnAsync(user, default), own => own.Any(a => a.ApartmentId == AuthorityWorld.Apartment)), Who.Owner),
            Method<ApartmentAccounts>(
                nameof(ApartmentAccounts.StatementAsync),
                (s, user, world) =>
                    Of(s.StatementAsync(AuthorityWorld.Apartment, world.Clock.Today.AddMonths(-1), world.Clock.Today, user, default)),
                OfficeAndOwner
            ),
            Method<ApartmentAccounts>(nameof(ApartmentAccounts.AgeingAsync), (s, user, _) => Of(s.AgeingAsync(user, default)), Office),
            Method<ApartmentAccounts>(nameof(ApartmentAccounts.MonthsAsync), (s, user, _) => Of(s.MonthsAsync(12, user, default)), Office),
            Page("/payments", [.. Office, .. Residents]),
            Page("/payments/{Id:long}", $"/payments/{Confirmed}", OfficeAndOwner),
            Page("/payments/new", Office),
            Page("/payments/report", [Who.Admin, .. Residents]),
            Page("/v", $"/v?code={Code}", Everybody),
            Endpoint(HttpMethod.Get, "/payments/{id:long}/receipt.pdf", $"/payments/{Confirmed}/receipt.pdf", OfficeAndOwner),
            Endpoint(
                HttpMethod.Get, "/payments/notes/{id:long}/note.pdf", $"/payments/notes/{Note}/note.pdf", OfficeAndOwner),
            Endpoint(
                HttpMethod.Get, "/account/{apartmentId:long}/bill.pdf", $"/account/{AuthorityWorld.Apartment}/bill.pdf", OfficeAndOwner),
            Method<Bills>(
                nameof(Bills.FindAsync), (s, user, _) => Of(s.FindAsync(AuthorityWorld.Apartment, user, default)), OfficeAndOwner),
            Endpoint(
                HttpMethod.Get, "/account/{apartmentId:long}/statement.pdf", $"/account/{AuthorityWorld.Apartment}/statement.pdf",
                OfficeAndOwner),
            Endpoint(HttpMethod.Get, "/payments/export", "/payments/export?format=csv", [.. Office, .. Residents]),
        ];

    private static PaymentInput Input(AuthorityWorld world) =>
        new(AuthorityWorld.Apartment, AuthorityWorld.OwnerRow(Who.Owner), 1_000, 2, "R9", world.Clock.Today, null, null);

    private static async Task<bool> AnyAsync(IAsyncEnumerable<PaymentRow> rows)
    {
        await foreach (var row in rows)
        {
            if (row.Id == Waiting) return true;
        }

        return false;
    }
}
