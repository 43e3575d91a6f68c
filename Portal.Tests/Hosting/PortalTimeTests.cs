using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Hosting;

namespace Portal.Tests.Hosting;

public sealed class PortalTimeTests
{
    private static readonly TimeZoneInfo Bogota = TimeZoneInfo.FindSystemTimeZoneById("America/Bogota");

    [Theory]
    [InlineData("2027-04-01", "2027-04-01T15:00:00Z")]
    [InlineData("2027-12-31T23:50", "2028-01-01T04:50:00Z")]
    [InlineData("2027-12-31T23:50:07", "2028-01-01T04:50:07Z")]
    [InlineData("2028-01-01T04:50Z", "2028-01-01T04:50:00Z")]
    [InlineData("2028-01-01T04:50:00.1230000+00:00", "2028-01-01T04:50:00.123Z")]
    public void A_clock_starts_at_a_day_an_hour_or_an_instant_and_goes_on(string start, string utc)
    {
        var time = PortalTime.StartingAt(start, Bogota);
        var first = time.GetUtcNow();
        var expected = DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(first, expected, expected.AddMinutes(2));
        Assert.True(SpinWait.SpinUntil(() => time.GetUtcNow() > first, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Only_a_portal_in_Development_lets_its_clock_be_set()
    {
        Assert.IsType<ShiftedTime>(Services("Development", "2027-04-01").GetRequiredService<TimeProvider>());
        Assert.Null(PortalTime.Problem(Configuration("2027-04-01"), new Place("Development")));
        foreach (var environment in new[] { "Production", "Staging" })
        {
            Assert.Contains(environment, PortalTime.Problem(Configuration("2027-04-01"), new Place(environment)), StringComparison.Ordinal);
            Assert.Null(Services(environment, "2027-04-01").GetService<TimeProvider>());
            Assert.Null(PortalTime.Problem(Configuration(" "), new Place(environment)));
        }
    }

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("2027-02-29")]
    [InlineData("01/04/2027")]
    public void What_is_no_moment_is_named(string start)
    {
        Assert.Contains(start, PortalTime.Problem(Configuration(start), new Place("Development")), StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => PortalTime.StartingAt(start, Bogota));
    }

    private static ServiceProvider Services(string environment, string start) =>
        new ServiceCollection().AddPortalTime(Configuration(start), new Place(environment)).BuildServiceProvider();

    private static IConfiguration Configuration(string start) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(PortalTime.Setting, start)]).Build();

    private sealed record Place(string EnvironmentName) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = EnvironmentName;
        public string ApplicationName { get; set; } = "";
        public string ContentRootPath { get; set; } = "";
        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } = null!;
    }
}
