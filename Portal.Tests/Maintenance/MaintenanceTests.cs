using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Maintenance;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Pictures = Portal.Tests.Facilities.Pictures;

namespace Portal.Tests.Maintenance;

/// <summary>Equipment and its inspections, in the building of two apartments.</summary>
public sealed class MaintenanceTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    private DateOnly Today => _world.Clock.Today;

    private CurrentUser Staff => _world.As(Who.Staff);

    public Task InitializeAsync() => _world.BeginAsync(new MaintenanceMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Theory]
    [InlineData("2025-12-14", 12, null, "2026-12-14")]
    [InlineData("2022-11-30", 60, null, "2027-11-30")]
    [InlineData("2025-10-31", 4, null, "2026-02-28")]
    [InlineData("2025-08-31", 6, null, "2026-02-28")]
    [InlineData("2025-12-14", 12, "2026-06-30", "2026-06-30")]
    public async Task One_is_valid_to_the_same_day_of_the_month_or_to_the_day_that_its_certificate_says(
        string done, int months, string? typed, string until)
    {
        var desk = _world.Get<InspectionDesk>();
        var kind = (await desk.SaveKindAsync(null, new("Boilers", months, 20, null, true), Staff, default)).Value;
        var duty = (await desk.AskAsync(MaintenanceMatrix.Lift, kind, Staff, default)).Value;
        var input = Passed(DateOnly.Parse(done, null)) with { ValidUntil = typed is null ? null : DateOnly.Parse(typed, null) };
        Assert.True((await desk.RecordAsync(duty, input, Staff, default)).Ok);
        var asset = (await _world.Get<AssetService>().FindAsync(MaintenanceMatrix.Lift, Staff, default))!;
        Assert.Equal(DateOnly.Parse(until, null), asset.Duties.Single(d => d.Id == duty).ValidUntil);
    }

    [Theory]
    [InlineData("2027-10-14", 60, null)]
    [InlineData("2027-10-15", 60, "first")]
    [InlineData("2027-11-13", 60, "first")]
    [InlineData("2027-11-14", 60, "month")]
    [InlineData("2027-12-06", 60, "month")]
    [InlineData("2027-12-07", 60, "week")]
    [InlineData("2027-12-13", 60, "week")]
    [InlineData("2027-12-14", 60, "over0")]
    [InlineData("2027-12-20", 60, "over0")]
    [InlineData("2027-12-21", 60, "over1")]
    [InlineData("2028-01-04", 60, "over3")]
    [InlineData("2027-12-07", 7, "week")]
    [InlineData("2027-12-06", 7, null)]
    [InlineData("2027-07-17", 150, "first")]
    public void A_lift_until_14_December_is_told_of_on_these_days(string today, int notice, string? stage) => Assert.Equal(
        stage, InspectionReminders.Stage(new DateOnly(2027, 12, 14).DayNumber - DateOnly.Parse(today, null).DayNumber, notice));

    [Fact]
    public async Task What_is_needed_stands_with_the_worst_first_and_a_failed_one_outweighs_a_valid_one()
    {
        var (list, desk) = (_world.Get<InspectionService>(), _world.Get<InspectionDesk>());
        Assert.Equal([InspectionState.Missing, InspectionState.Valid], await StatesAsync());

        Assert.True((await desk.RecordAsync(MaintenanceMatrix.Other, Passed(Today.AddMonths(-12).AddDays(20)), Staff, default)).Ok);
        Assert.Equal([InspectionState.Soon, InspectionState.Valid], await StatesAsync());

        var failed = await desk.RecordAsync(MaintenanceMatrix.Duty, Passed(Today) with { Passed = false }, Staff, default);
        Assert.Equal([InspectionState.Failed, InspectionState.Soon], await StatesAsync());
        Assert.Equal(InspectionState.Failed, Assert.Single((await _world.Get<AssetService>().ListAsync(new(), Staff, default)).Rows).Worst);
        var asset = (await _world.Get<AssetService>().FindAsync(MaintenanceMatrix.Lift, Staff, default))!;
        Assert.Equal([InspectionState.Failed, InspectionState.Soon], asset.Duties.Select(d => d.State));

        // It was written down by mistake: what held before holds again, and the line stays with its reason.
        Assert.True((await desk.WithdrawAsync(failed.Value, "Of another lift", Staff, default)).Ok);
        Assert.Equal("inspection.withdrawn", (await desk.WithdrawAsync(failed.Value, "Again", Staff, default)).Error!.Code);
        Assert.Equal([InspectionState.Soon, InspectionState.Valid], await StatesAsync());
        Assert.Equal(new InspectionCounts(0, 0, 0, 1, 1), await list.CountAsync(Staff, default));
        asset = (await _world.Get<AssetService>().FindAsync(MaintenanceMatrix.Lift, Staff, default))!;
        Assert.Equal(
            ["Of another lift", null], asset.Duties.Single(d => d.Id == MaintenanceMatrix.Duty).Done.Select(d => d.WithdrawnReason));

        async Task<InspectionState[]> StatesAsync() => [.. (await list.ListAsync(new(), Staff, default)).Rows.Select(r => r.State)];
    }

    [Fact]
    public async Task The_list_is_searched_filtered_and_exported_as_it_stands()
    {
        var list = _world.Get<InspectionService>();
        var missing = new ListQuery("asc lift", Filters: new Dictionary<string, string> { ["state"] = "Missing" });
        var row = Assert.Single((await list.ListAsync(missing, Staff, default)).Rows);
        Assert.Equal((MaintenanceMatrix.Other, "Puertas eléctricas", "ASC-01"), (row.Id, row.Kind, row.AssetCode));
        Assert.Equal([row], await list.ExportAsync(missing, Staff, default).ToListAsync());
        Assert.Empty((await list.ListAsync(missing with { Search = "pump" }, Staff, default)).Rows);
        var both = new ListQuery(Filters: new Dictionary<string, string> { ["state"] = "missing,VALID" });
        Assert.Equal(2, (await list.ListAsync(both, Staff, default)).Total);
        var tower = new ListQuery(Filters: new Dictionary<string, string> { ["tower"] = "1", ["kind"] = "1" });
        Assert.Empty((await list.ListAsync(tower, Staff, default)).Rows);
    }

    [Fact]
    public async Task Wrong_input_is_told_at_its_field_and_nothing_is_written()
    {
        var desk = _world.Get<InspectionDesk>();
        var wrong = new InspectionInput(Today.AddDays(1), true, null, " ", new string('9', 61), null, [new("x.exe", [.. "MZ"u8])]);
        Assert.Equal(
            ["inspection.future", "required", "too_long", "pqrs.files.kind"],
            (await desk.RecordAsync(MaintenanceMatrix.Other, wrong, Staff, default)).Errors.Select(e => e.Code));
        Assert.Equal("inspection.until", (await desk.RecordAsync(
            MaintenanceMatrix.Other, Passed(Today) with { ValidUntil = Today }, Staff, default)).Error!.Code);
        Assert.Equal("inspection.old", (await desk.RecordAsync(
            MaintenanceMatrix.Other, Passed(Today.AddYears(-31)), Staff, default)).Error!.Code);

        var assets = _world.Get<AssetService>();
        var taken = new AssetInput(" asc-01 ", "Pump", "Pump", 99, null, null, null, null, 99, Today, Today.AddDays(-1), null);
        Assert.Equal(
            ["asset.code_taken", "asset.warranty", "not_found", "not_found"],
            (await assets.SaveAsync(null, taken, Staff, default)).Errors.Select(e => e.Code));
        Assert.Equal("asset.code", (await assets.SaveAsync(
            null, new("A B", "Pump", "Pump", null, null, null, null, null, null, null, null, null), Staff, default)).Error!.Code);
        Assert.Equal("inspection.kind_taken", (await desk.SaveKindAsync(null, new("ascensores", 12, 60, null, true), Staff, default)).Error!.Code);
        Assert.Equal(
            ["inspection.months", "inspection.notice"],
            (await desk.SaveKindAsync(null, new("Boilers", 0, 6, null, true), Staff, default)).Errors.Select(e => e.Code));
        Assert.Equal("inspection.notice_long", (await desk.SaveKindAsync(null, new("Boilers", 2, 60, null, true), Staff, default)).Error!.Code);
        Assert.Equal(1L, await CountAsync("inspections"));
        Assert.Equal(2L, await CountAsync("assets"));
    }

    [Fact]
    public async Task Two_people_change_different_fields_of_one_asset_and_both_hold()
    {
        var assets = _world.Get<AssetService>();
        var read = (await assets.FindAsync(MaintenanceMatrix.Lift, Staff, default))!.Input;
        Assert.True((await assets.SaveAsync(MaintenanceMatrix.Lift, read with { Maker = "Andina", Read = read }, Staff, default)).Ok);
        Assert.True((await assets.SaveAsync(
            MaintenanceMatrix.Lift, read with { Place = "Lobby", Read = read }, _world.As(Who.Admin), default)).Ok);
        var now = (await assets.FindAsync(MaintenanceMatrix.Lift, Staff, default))!.Input;
        Assert.Equal(("Andina", "Lobby"), (now.Maker, now.Place));
        Assert.Equal("edit.changed", (await assets.SaveAsync(
            MaintenanceMatrix.Lift, read with { Maker = "Otis", Read = read }, Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task What_is_not_asked_for_any_more_keeps_what_was_done_and_what_never_was_done_is_gone()
    {
        var (assets, desk) = (_world.Get<AssetService>(), _world.Get<InspectionDesk>());
        Assert.True((await desk.EndAsync(MaintenanceMatrix.Duty, Staff, default)).Ok);
        Assert.True((await desk.EndAsync(MaintenanceMatrix.Other, Staff, default)).Ok);
        var duty = Assert.Single((await assets.FindAsync(MaintenanceMatrix.Lift, Staff, default))!.Duties);
        Assert.Equal((MaintenanceMatrix.Duty, Today, 1), (duty.Id, duty.EndedOn, duty.Done.Count));
        Assert.Empty((await _world.Get<InspectionService>().ListAsync(new(), Staff, default)).Rows);

        Assert.Equal(MaintenanceMatrix.Duty, (await desk.AskAsync(MaintenanceMatrix.Lift, MaintenanceMatrix.Lifts, Staff, default)).Value);
        Assert.Single((await _world.Get<InspectionService>().ListAsync(new(), Staff, default)).Rows);

        // Of what is retired nothing is asked; it comes back as it was.
        Assert.True((await assets.RetireAsync(MaintenanceMatrix.Lift, "Replaced", Staff, default)).Ok);
        Assert.Empty((await _world.Get<InspectionService>().ListAsync(new(), Staff, default)).Rows);
        Assert.Equal("asset.retired", (await desk.AskAsync(MaintenanceMatrix.Lift, MaintenanceMatrix.Doors, Staff, default)).Error!.Code);
        Assert.True((await assets.ReturnAsync(MaintenanceMatrix.Lift, Staff, default)).Ok);
        Assert.Single((await _world.Get<InspectionService>().ListAsync(new(), Staff, default)).Rows);
    }

    [Fact]
    public async Task The_office_is_told_once_for_each_step_and_not_while_the_module_is_off()
    {
        var desk = _world.Get<InspectionDesk>();
        await desk.RecordAsync(
            MaintenanceMatrix.Other, Passed(Today.AddMonths(-12)) with { ValidUntil = Today.AddDays(-1) }, Staff, default);
        await desk.RecordAsync(MaintenanceMatrix.Duty, Passed(Today) with { Passed = false }, Staff, default);
        var modules = _world.Get<ModuleService>();
        Assert.True((await modules.SwitchAsync(Modules.Maintenance, false, _world.As(Who.Admin), default)).Ok);
        await RemindAsync();
        Assert.Empty(await ToldAsync());

        Assert.True((await modules.SwitchAsync(Modules.Maintenance, true, _world.As(Who.Admin), default)).Ok);
        await RemindAsync();
        await RemindAsync();
        Assert.Equal(
            [
                (AuthorityWorld.Id(Who.Admin), InspectionReminders.Ended), (AuthorityWorld.Id(Who.Admin), InspectionReminders.Failed),
                (AuthorityWorld.Id(Who.Staff), InspectionReminders.Ended), (AuthorityWorld.Id(Who.Staff), InspectionReminders.Failed),
            ],
            await ToldAsync());

        // Told on its last day, it is not told once more on the day after: only when another week is over.
        await database.ExecuteAsync($"DELETE FROM notifications; UPDATE inspections SET valid_until = '{Today:yyyy-MM-dd}' WHERE passed = 1");
        await RemindAsync();
        await database.ExecuteAsync($"UPDATE notifications SET unique_key = REPLACE(unique_key, '{Today:yyyyMMdd}', '{Today.AddDays(-1):yyyyMMdd}')");
        await database.ExecuteAsync($"UPDATE inspections SET valid_until = '{Today.AddDays(-1):yyyy-MM-dd}' WHERE passed = 1");
        await RemindAsync();
        Assert.DoesNotContain(await ToldAsync(), told => told.Item2 == InspectionReminders.Ended);
        await database.ExecuteAsync($"UPDATE inspections SET valid_until = '{Today.AddDays(-7):yyyy-MM-dd}' WHERE passed = 1");
        await RemindAsync();
        Assert.Contains(await ToldAsync(), told => told.Item2 == InspectionReminders.Ended);

        async Task RemindAsync() =>
            await new InspectionReminders(_world.Store, _world.Clock, _world.Get<ModuleStates>()).RunAsync(Today, default);

        async Task<List<(long, string)>> ToldAsync()
        {
            await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
            var told = await db.Notifications.Where(n => n.Type!.StartsWith("inspection."))
                .OrderBy(n => n.RecipientId).ThenBy(n => n.Type).Select(n => new { n.RecipientId, n.Type }).ToListAsync();
            return told.ConvertAll(n => (n.RecipientId, n.Type!));
        }
    }

    [Fact]
    public async Task A_paper_is_given_back_as_it_came()
    {
        var desk = _world.Get<InspectionDesk>();
        var made = await desk.RecordAsync(
            MaintenanceMatrix.Other, Passed(Today) with { Papers = [new("certificado.png", Pictures.Png)] }, Staff, default);
        var paper = (await _world.Get<InspectionService>().PaperAsync(made.Value, Staff, default))!;
        Assert.Equal(("certificado.png", "image/png"), (paper.Name, paper.ContentType));
        Assert.Equal(Pictures.Png, paper.Content);
        Assert.Equal("pqrs.files.many", (await desk.RecordAsync(
            MaintenanceMatrix.Other, Passed(Today) with { Papers = [new("a.png", Pictures.Png), new("b.png", Pictures.Png)] }, Staff, default))
            .Error!.Code);
    }

    private static InspectionInput Passed(DateOnly done) => new(done, true, null, "Altura", "17", null, []);

    private async Task<long> CountAsync(string table)
    {
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        return table == "inspections" ? await db.Inspections.LongCountAsync() : await db.Assets.LongCountAsync();
    }
}
