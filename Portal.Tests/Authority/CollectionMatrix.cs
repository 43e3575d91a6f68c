using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Collection;
using Portal.Data.Payments;

namespace Portal.Tests.Authority;

/// <summary>
/// Papers about debt: owners ask for good standing of their own apartment, the administrator certifies for any; debt certificates are the
/// office's.
/// </summary>
public sealed class CollectionMatrix : AreaMatrix
{
    private const long Paper = 841, Refund = 842, Agreed = 843;

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        const string building = """
            "Building":{"Name":"V","LegalName":"","TaxId":"","Address":"","City":"","Phone":"","Email":"","PublicAddress":"",
            "Paper":"letter","ApplicationRule":""},"Unit":{"Tower":"A","Number":"101"},"IssuedAt":"2026-11-20T10:00:00",
            """;
        var standing = "{" + building + """
            "CutOff":"2026-11-20","Owner":"O","OwnerDocument":null,"Signatory":{"Name":"S","Role":"R"},"NotYetDue":[]}
            """;
        var agreement = "{" + building + """
            "Owner":"O","OwnerDocument":null,"Signatory":{"Name":"S","Role":"R"},"Charges":[],"Capital":10,"Interest":0,"Waived":0,"Act":null,
            "Total":10,"InterestStands":false,"GraceDays":5,"Instalments":[]}
            """;
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO certificates (id, number, verification_code, kind, apartment_id, cut_off, total, issued_on)
            VALUES ({Paper}, 'PS-2020-000001', '7F3K-92QF', 'good_standing', {AuthorityWorld.Apartment}, '2026-11-20', 0, '2026-11-20');
            INSERT INTO issued_papers (number, facts) VALUES ('PS-2020-000001', {standing});
            INSERT INTO refunds (id, number, apartment_id, amount, paid_on, payment_method_id, reason)
            VALUES ({Refund}, 'RF-2020-000001', {AuthorityWorld.Apartment}, 10, '2026-11-20', 2, 'x');
            INSERT INTO agreements (id, number, verification_code, apartment_id, state, live, made_on, capital, interest, waived, total,
                interest_stands, grace_days)
            VALUES ({Agreed}, 'AP-2020-000001', '7F3K-92QG', {AuthorityWorld.Apartment}, 'active', 1, '2026-11-20', 10, 0, 0, 10, 0, 5);
            INSERT INTO agreement_instalments (agreement_id, line, due_on, amount) VALUES ({Agreed}, 1, '2099-11-20', 10);
            INSERT INTO issued_papers (number, facts) VALUES ('AP-2020-000001', {agreement});
            INSERT INTO settings (name, value) VALUES ('signatory_name', 'S') ON DUPLICATE KEY UPDATE value = 'S'
            """);
    }

    public override IEnumerable<Entry> Entries
    {
        get
        {
            Who[] mayAsk = [Who.Admin, Who.Owner], maySee = [.. Office, Who.Owner];
            return
            [
                Method<CertificateDesk>(
                    nameof(CertificateDesk.StandingAsync),
                    (s, u, w) => Of(s.StandingAsync(AuthorityWorld.Apartment, w.Clock.Today, u, default)), mayAsk),
                Method<CertificateDesk>(
                    nameof(CertificateDesk.CertifyStandingAsync),
                    (s, u, w) => Of(s.CertifyStandingAsync(AuthorityWorld.Apartment, w.Clock.Today, u, default)), mayAsk),
                Method<CertificateDesk>(
                    nameof(CertificateDesk.CertifyDebtAsync), (s, u, _) => Of(s.CertifyDebtAsync(AuthorityWorld.Apartment, u, default)),
                    Who.Admin),
                Method<CertificateDesk>(
                    nameof(CertificateDesk.OfApartmentAsync),
                    (s, u, _) => Of(s.OfApartmentAsync(AuthorityWorld.Apartment, u, default), all => all.Any(c => c.Id == Paper)), maySee),
                Method<CertificateDesk>(
                    nameof(CertificateDesk.FindAsync), (s, u, _) => Of(s.FindAsync(Paper, u, default)), maySee),
                Method<CollectionDesk>(
                    nameof(CollectionDesk.FindAsync), (s, u, _) => Of(s.FindAsync(AuthorityWorld.Apartment, u, default)), Office),
                Method<CollectionDesk>(
                    nameof(CollectionDesk.LawyerAsync), (s, u, _) => Of(s.LawyerAsync(AuthorityWorld.Apartment, "x", u, default)), Who.Admin),
                Method<CollectionDesk>(
                    nameof(CollectionDesk.DisputeAsync),
                    (s, u, w) => Of(s.DisputeAsync(AuthorityWorld.Apartment, "x", w.Clock.Today, null, u, default)), Who.Admin),
                Method<CollectionDesk>(
                    nameof(CollectionDesk.SettleAsync), (s, u, _) => Of(s.SettleAsync(AuthorityWorld.Apartment, u, default)), Who.Admin),
                Method<AgreementDesk>(
                    nameof(AgreementDesk.AgreeAsync),
                    (s, u, w) => Of(s.AgreeAsync(
                        new(AuthorityWorld.Apartment, [1], 0, 2, w.Clock.Today.AddDays(9), 0, null, false, 1), u, default)), Who.Admin),
                Method<AgreementDesk>(nameof(AgreementDesk.UndoAsync), (s, u, _) => Of(s.UndoAsync(Agreed, u, default)), Who.Admin),
                Method<AgreementDesk>(nameof(AgreementDesk.FindAsync), (s, u, _) => Of(s.FindAsync(Agreed, u, default)), maySee),
                Method<AgreementDesk>(
                    nameof(AgreementDesk.OfApartmentAsync),
                    (s, u, _) => Of(s.OfApartmentAsync(AuthorityWorld.Apartment, u, default), all => all.Any(a => a.Id == Agreed)), maySee),
                Page("/collection/{ApartmentId:long}", $"/collection/{AuthorityWorld.Apartment}", Office),
                Endpoint(
                    HttpMethod.Get, "/collection/agreements/{id:long}/agreement.pdf", $"/collection/agreements/{Agreed}/agreement.pdf", maySee),
                Method<IssuedPapers>(
                    nameof(IssuedPapers.RefundAsync), (s, u, _) => Of(s.RefundAsync(Refund, u, default)), maySee),
                Endpoint(
                    HttpMethod.Get, "/collection/certificates/{id:long}/certificate.pdf", $"/collection/certificates/{Paper}/certificate.pdf",
                    maySee),
                Endpoint(HttpMethod.Get, "/payments/refunds/{id:long}/refund.pdf", $"/payments/refunds/{Refund}/refund.pdf", maySee),
            ];
        }
    }
}
