using System.Net;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Facilities;

/// <summary>The report's files as the office fetches them.</summary>
public sealed class OccupancyFilesTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task The_office_takes_the_report_away_by_facility_by_hour_and_on_paper()
    {
        await using var world = new AuthorityWorld(Database);
        await world.BeginAsync(new FacilitiesMatrix());
        using var host = new PortalHost(Database.ConnectionString);
        var staff = host.NewVisitor("es");
        await staff.SignInAsync(AuthorityWorld.Username(Who.Staff), AuthorityWorld.Password);
        var client = staff.Client;
        var period = $"from={world.Clock.Today.AddDays(1):yyyy-MM-dd}&to={world.Clock.Today.AddDays(1):yyyy-MM-dd}";

        // One booking of an hour is confirmed on that day; the day has 24 open hours, of which one is closed.
        var zones = (await client.GetStringAsync($"/reservations/report/export?{period}&table=zones&format=csv")).Split('\n');
        Assert.StartsWith("Salón;No;23;1;4,3;1;", zones[1], StringComparison.Ordinal);
        var hours = (await client.GetStringAsync($"/reservations/report/export?{period}&table=hours&format=csv")).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries
        );
        Assert.Equal(1 + 23, hours.Length);
        Assert.Contains(hours, line => line.Contains(";10:00;1;1;100", StringComparison.Ordinal));

        foreach (
            var (path, type) in new[]
            {
                ("report.pdf?", "application/pdf"),
                ("report/export?format=xlsx&", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            }
        )
        {
            using var file = await client.GetAsync($"/reservations/{path}{period}");
            Assert.Equal((HttpStatusCode.OK, type), (file.StatusCode, file.Content.Headers.ContentType!.MediaType));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/reservations/report.pdf?{period}&facility=99999")).StatusCode);
        Assert.Contains("Salón", (await staff.GetAsync($"/reservations/report?{period}")).Text, StringComparison.Ordinal);
    }
}
