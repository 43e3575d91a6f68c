using Portal.Data;
using Portal.Data.Guards;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Guards;

/// <summary>Guards and their insurances.</summary>
public sealed class GuardTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new CensusMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task A_guards_insurance_is_valid_on_its_last_day_and_marked_a_month_before()
    {
        var service = _world.Get<GuardService>();
        var (staff, today) = (_world.As(Who.Staff), _world.Clock.Today);
        await service.SaveAsync(null, new("Ana", "2020", Shift.Morning, null, "ARL-1", today, "EPS-1", today.AddDays(-1)), staff, default);
        var row = Assert.Single((await service.ListAsync(new ListQuery("Ana"), staff, default)).Rows);
        Assert.Equal((CoverState.Soon, CoverState.Expired), (row.Arl, row.Eps));
        Assert.Equal(
            "guard.document_taken",
            (await service.SaveAsync(null, new("Berta", "2020", Shift.Night, null, null, null, null, null), staff, default)).Error!.Code
        );
        Assert.Equal(CoverState.Valid, GuardService.Cover(today.AddDays(GuardService.SoonDays + 1), today));
        Assert.Equal(CoverState.Unknown, GuardService.Cover(null, today));
    }
}
