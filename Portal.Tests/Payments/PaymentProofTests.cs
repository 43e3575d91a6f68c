using Microsoft.EntityFrameworkCore;
using Portal.Data.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Payments;

/// <summary>What a payer sends to show that they paid: kept as it came, shown to whom the payment is shown, known when it comes again.</summary>
public sealed class PaymentProofTests(TestDatabase database) : DatabaseTest(database)
{
    private static readonly byte[] Photo = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];
    private static readonly byte[] Pdf = [.. "%PDF-1.7 x"u8];

    [Fact]
    public async Task A_photograph_and_a_pdf_go_with_the_report_and_are_seen_by_the_office_and_the_owner()
    {
        await using var world = new PaymentWorld(Database);
        var (home, neighbour) = (await world.HomeAsync(), await world.HomeAsync("Jorge", "Lara"));
        var id = await ReportAsync(world, home, 480_000m, new ProofUpload("C:\\fotos\\recibo.jpg", Photo), new ProofUpload("banco", Pdf));

        var detail = (await world.Payments.FindAsync(id, await world.StaffAsync(), default))!;
        Assert.Equal([("recibo.jpg", "image/jpeg", 7), ("banco.pdf", "application/pdf", 10)], detail.Proofs.Select(p => (p.Name, p.ContentType, p.Size)));
        Assert.Equal(Photo, (await world.Payments.ProofAsync(detail.Proofs[0].Id, home.User, default))!.Content);
        Assert.Null(await world.Payments.ProofAsync(detail.Proofs[0].Id, neighbour.User, default));
    }

    [Fact]
    public async Task The_same_photograph_is_known_again_whatever_it_is_called_and_however_much_it_is_for()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var staff = await world.StaffAsync();
        var first = await ReportAsync(world, home, 480_000m, new ProofUpload("a.jpg", Photo));
        Assert.Equal(first, Assert.Single(await world.Payments.FindSameProofAsync([new ProofUpload("b.jpg", Photo)], home.User, default)).Id);
        Assert.Empty(await world.Payments.FindSameProofAsync([new ProofUpload("b.jpg", Pdf)], home.User, default));

        var second = await ReportAsync(world, home, 100_000m, new ProofUpload("b.jpg", Photo));
        Assert.Equal(first, Assert.Single((await world.Payments.FindAsync(second, staff, default))!.Twins).Id);

        // What was rejected was no payment.
        Assert.True((await world.Desk.RejectAsync(first, "No llegó", staff, default)).Ok);
        Assert.Empty((await world.Payments.FindAsync(second, staff, default))!.Twins);
    }

    [Theory]
    [InlineData("pqrs.files.kind", 1, "MZ is a program")]
    [InlineData("pqrs.files.empty", 1, "")]
    [InlineData("pqrs.files.many", 4, "%PDF-1.7")]
    public async Task What_is_no_photograph_or_pdf_is_refused_and_nothing_is_reported(string code, int files, string content)
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var input = PaymentWorld.Input(home, 480_000m) with
        {
            Proofs = [.. Enumerable.Range(0, files).Select(i => new ProofUpload($"{i}.pdf", System.Text.Encoding.ASCII.GetBytes(content)))],
        };
        Assert.Equal(code, Assert.Single((await world.Desk.ReportAsync(input, home.User, default)).Errors).Code);
        Assert.Equal(0, await world.ReadAsync(db => db.Payments.CountAsync()));
    }

    private static async Task<long> ReportAsync(PaymentWorld world, PaymentWorld.Home home, decimal amount, params ProofUpload[] proofs)
    {
        var reported = await world.Desk.ReportAsync(
            PaymentWorld.Input(home, amount, $"R{amount}") with { Proofs = proofs }, home.User, default);
        Assert.True(reported.Ok, reported.Error?.Code);
        return reported.Value;
    }
}
