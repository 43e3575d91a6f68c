using Portal.Data;
using Portal.Data.Guards;
using Portal.Data.People;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Guards;

/// <summary>Guards, their insurances and what they see of each other.</summary>
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

    [Fact]
    public async Task A_guard_sees_of_colleagues_the_name_and_the_shift_only()
    {
        var service = _world.Get<GuardService>();
        var today = _world.Clock.Today;
        var input = new GuardInput("Ana", "2020", Shift.Morning, "3105550000", "ARL-1", today.AddDays(-1), "EPS-1", today);
        await service.SaveAsync(null, input, _world.As(Who.Staff), default);
        var guard = _world.As(Who.Guard);
        var row = Assert.Single((await service.ListAsync(new ListQuery("Ana"), guard, default)).Rows);
        Assert.Equal(new GuardRow(row.Id, "Ana", "", Shift.Morning, null, null, null, default, null, null, default), row);
        foreach (var asked in new[] { "2020", "310555" })
            Assert.Empty((await service.ListAsync(new ListQuery(asked), guard, default)).Rows);
        var expired = new ListQuery { Filters = new Dictionary<string, string> { ["cover"] = "expired" } };
        Assert.Single((await service.ListAsync(expired, _world.As(Who.Staff), default)).Rows);
        Assert.True((await service.ListAsync(expired, guard, default)).Rows.Count > 1);
    }

    [Fact]
    public async Task A_guard_may_call_residents_and_the_office_and_does_not_read_colleagues_numbers()
    {
        var people = _world.Get<PeopleService>();
        var guard = _world.As(Who.Guard);
        foreach (var who in new[] { Who.Guard, Who.Owner, Who.Staff })
        {
            var input = new OwnContactInput($"{who}@correo.example", "310777000" + (int)who, null);
            Assert.True((await people.SaveMineAsync(input, _world.As(who), default)).Ok);
        }

        var colleague = guard with { Id = AuthorityWorld.Id(Who.Guard) + 5000 };
        var rows = (await people.ListAsync(new ListQuery(), colleague, default)).Rows.ToDictionary(r => r.Id);
        Assert.Null(rows[guard.Id].Phone);
        Assert.Null(rows[guard.Id].Email);
        Assert.NotNull(rows[AuthorityWorld.Id(Who.Owner)].Phone);
        Assert.NotNull(rows[AuthorityWorld.Id(Who.Staff)].Phone);
        var detail = (await people.FindAsync(guard.Id, colleague, default))!;
        Assert.Equal((null, null, null), (detail.Contact.Phone, detail.Contact.Email, detail.Contact.Address));
        var asked = new ListQuery("310777000" + (int)Who.Guard);
        Assert.Empty((await people.ListAsync(asked, colleague, default)).Rows);
        Assert.Equal("310777000" + (int)Who.Guard, (await people.FindAsync(guard.Id, guard, default))!.Contact.Phone);
        Assert.Single((await people.ListAsync(asked, _world.As(Who.Staff), default)).Rows);
    }
}
