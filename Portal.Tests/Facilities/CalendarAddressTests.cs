using System.Net;
using System.Net.Http.Headers;
using Portal.Data.Facilities;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>The address as a calendar program meets it: over HTTP, without signing in.</summary>
public sealed class CalendarAddressTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task A_program_reads_the_calendar_without_signing_in_and_is_told_when_nothing_changed()
    {
        await using var world = new FacilityWorld(Database);
        world.Time.Utc = TestDay.Clock.UtcNow;
        var facility = await world.FacilityAsync();
        var andrea = await world.OwnerAsync("1204");
        var day = TestDay.Clock.Today.AddDays(3).ToDateTime(TimeOnly.MinValue);
        Assert.True((await world.BookAsync(facility, andrea, day.AddHours(12))).Ok);
        var secret = (await world.Get<CalendarFeedService>().ReplaceAsync(andrea, default)).Value;
        using var host = new PortalHost(Database.ConnectionString);
        var client = host.NewVisitor("es").Client;

        using var first = await client.GetAsync($"/calendar/{secret}.ics");
        Assert.Equal((HttpStatusCode.OK, "text/calendar"), (first.StatusCode, first.Content.Headers.ContentType!.MediaType));
        Assert.True(first.Headers.CacheControl is { Private: true, NoCache: true });
        Assert.Contains("noindex", first.Headers.GetValues("X-Robots-Tag").Single(), StringComparison.Ordinal);
        var ics = await first.Content.ReadAsStringAsync();
        Assert.Contains($"DTSTART;TZID=America/Bogota:{day:yyyyMMdd}T120000\r\n", ics, StringComparison.Ordinal);

        using var again = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, $"/calendar/{secret}.ics") { Headers = { IfNoneMatch = { first.Headers.ETag! } } }
        );
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);

        await world.BookAsync(facility, andrea, day.AddDays(1).AddHours(12));
        using var changed = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, $"/calendar/{secret}.ics") { Headers = { IfNoneMatch = { first.Headers.ETag! } } }
        );
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task Who_tries_out_addresses_is_slowed_down_and_a_good_one_is_not_counted()
    {
        await using var world = new FacilityWorld(Database);
        var secret = (await world.Get<CalendarFeedService>().ReplaceAsync(await world.OwnerAsync(), default)).Value;
        using var host = new PortalHost(Database.ConnectionString);
        var client = host.NewVisitor("es").Client;

        for (var i = 0; i < 30; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/calendar/{secret}.ics")).StatusCode);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 30; i++) answers.Add((await client.GetAsync($"/calendar/{new string('x', 30)}{i:00}.ics")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, answers[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
    }
}
