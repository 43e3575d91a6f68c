using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Documents;
using Portal.Data.Home;
using Portal.Data.Notices;
using Portal.Data.Payments;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Home;

/// <summary>What changed while somebody was away, in the building of two apartments.</summary>
public sealed class AwayTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    private AwayService Service => _world.Get<AwayService>();

    public Task InitializeAsync() => _world.BeginAsync(new DocumentsMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task It_looks_back_to_the_visit_before_and_a_visit_is_over_after_half_an_hour()
    {
        var owner = _world.As(Who.Owner);
        Assert.True((await Service.SinceAsync(AwayFrom.LastVisit, owner, default))!.First);
        await Service.HereAsync(owner, default);
        // It is the first visit, and still goes on.
        Assert.True((await Service.SinceAsync(AwayFrom.LastVisit, owner, default))!.First);

        var (before, now) = (_world.Clock.UtcNow.AddDays(-3), _world.Clock.UtcNow);
        await SeenAsync(owner, before);
        Assert.Equal(before, (await Service.SinceAsync(AwayFrom.LastVisit, owner, default))!.Since, TimeSpan.FromSeconds(1));
        await Service.HereAsync(owner, default);
        await Service.HereAsync(owner, default);
        Assert.Equal(before, (await Service.SinceAsync(AwayFrom.LastVisit, owner, default))!.Since, TimeSpan.FromSeconds(1));
        Assert.Equal(now.AddDays(-30), (await Service.SinceAsync(AwayFrom.Month, owner, default))!.Since, TimeSpan.FromSeconds(5));
        Assert.Null(await Service.SinceAsync(AwayFrom.Week, CurrentUser.Nobody, default));
    }

    [Fact]
    public async Task Each_person_sees_what_is_theirs_and_only_what_is_new()
    {
        var now = _world.Clock.Now;
        await _world.Store.WriteAsync(CurrentUser.System, async (db, ct) =>
        {
            db.Notices.AddRange(
                new Notice { Title = "New", Body = "Text", PublishAt = now.AddDays(-1), Residents = NoticeResidents.Owners },
                new Notice { Title = "Old", Body = "Text", PublishAt = now.AddDays(-9) },
                new Notice { Title = "Later", Body = "Text", PublishAt = now.AddDays(1) });
            db.Charges.Add(new Charge
            {
                ApartmentId = AuthorityWorld.Apartment, Concept = "Cuota", Amount = 100_000, IssuedOn = _world.Clock.Today, DueOn = _world.Clock.Today, CreatedAt = _world.Clock.UtcNow.AddHours(-2),
            });
            await DocumentShelf.FileAsync(
                db, new ShelfPaper("a", "a", DocumentKind.Other, "Fresh", "a.txt", "Hola"u8.ToArray(), _world.Clock.Today, NoticeAudience.Everybody), ct);
            return Result.Done;
        }, default);

        Assert.Equal("notice: New; document: Fresh; charge: Cuota", await ToldAsync(Who.Owner));
        Assert.Equal("notice: New; document: Fresh", await ToldAsync(Who.Neighbour));
        // Who rents sees neither what is for owners nor what they owe.
        Assert.Equal("document: Fresh", await ToldAsync(Who.Tenant));
        Assert.Equal("document: Fresh", await ToldAsync(Who.Guard));
    }

    private async Task<string> ToldAsync(Who who) => string.Join(
        "; ",
        (await Service.SinceAsync(AwayFrom.Week, _world.As(who), default))!.Groups.Select(g => $"{g.Kind}: {string.Join(", ", g.Items.Select(i => i.Title))}"));

    private async Task SeenAsync(CurrentUser user, DateTime at)
    {
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        await db.PortalVisits.Where(v => v.UserId == user.Id).ExecuteUpdateAsync(set => set.SetProperty(v => v.SeenAt, at).SetProperty(v => v.SinceAt, (DateTime?)null));
    }
}
