using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Pqrs;
using Portal.Tests.Server;

namespace Portal.Tests.Pqrs;

public sealed class PqrsListTests(TestDatabase database) : PqrsTest(database)
{
    [Fact]
    public async Task It_finds_by_number_title_person_and_apartment_whatever_the_accents()
    {
        await FiledAsync("Filtración en el baño");
        await Filing.FileAsync(Leak(Bruno, "Ruido"), Bruno, default);

        Assert.Equal("Filtración en el baño", Assert.Single(await FoundAsync("filtracion")).Title);
        Assert.Equal("Ruido", Assert.Single(await FoundAsync("2026-000002")).Title);
        Assert.Equal("Ruido", Assert.Single(await FoundAsync("bruno sal")).Title);
        Assert.Equal("Ruido", Assert.Single(await FoundAsync("B 1304")).Title);
        Assert.Empty(await FoundAsync("100%_"));

        async Task<IReadOnlyList<PqrsRow>> FoundAsync(string search) =>
            (await Cases.ListAsync(new ListQuery(search), Carolina, default)).Rows;
    }

    [Fact]
    public async Task Filters_tabs_and_the_default_order_put_first_what_needs_somebody()
    {
        var late = await FiledAsync("Vencida");
        Clock.Go(new DateOnly(2026, 11, 17));
        var fresh = await FiledAsync("Nueva");
        var waits = await FiledAsync("Espera");
        await MoveAsync(waits, PqrsAct.Wait, "¿Cuál?");
        var done = await FiledAsync("Lista");
        await MoveAsync(done, PqrsAct.Resolve, "Ya.");
        await Handling.AssignAsync(fresh, Diego.Id, (await CaseAsync(fresh)).Seen, Carolina, default);
        Clock.Go(new DateOnly(2026, 11, 24));

        Assert.Equal([late, waits, fresh, done], await IdsAsync());
        Assert.Equal([late], await IdsAsync(("due", "overdue")));
        Assert.Equal([late, waits, fresh], await IdsAsync(("state", "active")));
        Assert.Equal([waits, done], await IdsAsync(("state", "WaitingForPetitioner,resolved")));
        Assert.Equal([fresh], await IdsAsync(("assignee", "me")));
        Assert.Equal([late], await IdsAsync(("assignee", "none")));
        Assert.Equal([], await IdsAsync(("kind", "claim")));
        Assert.Equal(4, (await IdsAsync(("priority", "medium"), ("category", "1"))).Count);
        Assert.Equal(new PqrsCounts(4, 3, 1, 1, 1, 1), await Cases.CountsAsync(Diego, default));
        var row = (await Cases.ListAsync(new ListQuery(), Diego, default)).Rows[0];
        Assert.Equal((true, -2, "Andrea Ruiz", "1204"), (row.Overdue, row.DaysLeft!.Value, row.Petitioner, row.Apartment!.Number));

        async Task<List<long>> IdsAsync(params (string Key, string Value)[] filters) =>
            [
                .. (
                    await Cases.ListAsync(new ListQuery(Filters: filters.ToDictionary(f => f.Key, f => f.Value)), Diego, default)
                ).Rows.Select(r => r.Id),
            ];
    }

    [Theory]
    [InlineData("number")]
    [InlineData("title")]
    [InlineData("petitioner")]
    [InlineData("apartment")]
    [InlineData("state")]
    [InlineData("priority")]
    [InlineData("filed")]
    [InlineData("changed")]
    [InlineData("due")]
    [InlineData("nonsense")]
    public async Task Every_sort_gives_every_row_once_over_its_pages(string sort)
    {
        for (var i = 0; i < 5; i++) await FiledAsync($"Caso {i % 2}");

        foreach (var down in new[] { false, true })
        {
            var ids = new List<long>();
            for (var page = 1; page <= 3; page++)
                ids.AddRange(
                    (
                        await Cases.ListAsync(new ListQuery(Sort: sort, Descending: down, Page: page, Size: 2), Carolina, default)
                    ).Rows.Select(r => r.Id)
                );
            Assert.Equal(5, ids.Distinct().Count());
        }
    }

    [Fact]
    public async Task A_case_of_an_adopted_database_is_shown_without_number_kind_or_deadline()
    {
        await using (var db = await Store.OpenAsync(CurrentUser.System, default))
        {
            db.Pqrs.Add(
                PqrsCase
                    .File(
                        new PqrsFiling(null, 2, null, "De antes", "Sin número", []), Andrea.OwnerIds[0], PqrsChannel.Web, PqrsPriority.Low, 1,
                        new DateOnly(2026, 11, 20), "")
                    .With(c => c.Number, null)
                    .With(c => c.Priority, null)
                    .With(c => c.DaysGiven, null)
                    .With(c => c.DueOn, null)
                    .With(c => c.VerificationCode, null)
            );
            await db.SaveChangesAsync();
        }

        var row = Assert.Single((await Cases.ListAsync(new ListQuery(), Andrea, default)).Rows);
        var found = await CaseAsync(row.Id, Andrea);
        Assert.Equal($"PQRS-{row.Id}", row.Number);
        Assert.Null(found.Clock);
        Assert.Empty(found.Entries);
        Assert.True((await Handling.ReplyAsync(row.Id, "La retomamos.", [], Carolina, default)).Ok);
        Assert.True((await Petitioner.WriteAsync(row.Id, "Gracias.", [], Andrea, default)).Ok);
    }
}
