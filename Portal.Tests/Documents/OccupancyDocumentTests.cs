using Portal.Areas.Facilities;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Occupancy;
using Portal.Documents;
using Xunit;
using static Portal.Tests.Documents.Samples;

namespace Portal.Tests.Documents;

public sealed class OccupancyDocumentTests
{
    /// <summary>A month of some facilities, each open from 8 to 22 and booked on Saturdays.</summary>
    private static OccupancyReport Report(int facilities, int months = 1)
    {
        var (from, to) = (new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 1).AddMonths(months).AddDays(-1));
        List<Facility> all =
        [
            .. Enumerable
                .Range(1, facilities)
                .Select(n => new Facility
                {
                    Id = n,
                    Name = $"Salón número {n}",
                    Hours =
                    [
                        .. Enumerable
                            .Range(1, 7)
                            .Select(day => new FacilityHours
                            {
                                Weekday = day,
                                OpensAt = new(8, 0),
                                ClosesAt = new(22, 0),
                            }),
                    ],
                }),
        ];
        List<BookedAlike> booked =
        [
            .. all.Select(f => new BookedAlike(f.Id, new(2026, 11, 7, 8, 0, 0), 840, ReservationState.Completed, 4, 40)),
        ];
        List<StateCount> counts =
        [
            .. all.SelectMany(f =>
                new[]
                {
                    new StateCount(f.Id, ReservationState.Completed, 4, 40),
                    new StateCount(f.Id, ReservationState.NoShow, 1, 5),
                    new StateCount(f.Id, ReservationState.Cancelled, 2, 9),
                }
            ),
        ];
        List<DayMoney> money = [.. all.Select(f => new DayMoney(f.Id, new(2026, 11, 7), false, 400_000, 300_000))];
        return OccupancyCount.Of(
            new OccupancyFacts(
                all, Array.Empty<(long, Portal.Data.Facilities.Rules.Closure)>().ToLookup(c => c.Item1, c => c.Item2), booked, [], counts,
                all.ToDictionary(f => f.Id, _ => 1), [(new(2026, 11, 7), 4 * facilities, facilities)], money,
                [.. all.Select(f => (f.Id, 3, 2))]),
            from,
            to
        );
    }

    private static byte[] Render(OccupancyReport report, bool english = false) =>
        OccupancyDocument.Render(new(Samples.Building, report, Stamp), english ? En : Es);

    [Fact]
    public void The_report_says_how_each_facility_was_used_in_both_languages()
    {
        var text = Pdf.Text(Render(Report(2)));

        // 4 Saturdays of 14 hours in 30 days of 14 hours: 56 of 420; two facilities double both.
        foreach (
            var expected in (string[])
                [
                    "Informe de uso de zonas",
                    "1 a 30 nov 2026",
                    "Todas las zonas",
                    "13 %",
                    "112 de 840 h",
                    "Salón número 1",
                    "Salón número 2",
                    "56",
                    "420",
                    "2 (20 %)",
                    "4 (2 tarde)",
                    "4 de 6 en espera",
                    "$ 800.000",
                    "$ 600.000",
                    "Por zona",
                    "Ingresos por zona",
                    "Cuándo se usan",
                    "sáb",
                    "100",
                    "Día por día",
                    "Cómo se cuenta",
                ]
        )
        {
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }

        var english = Pdf.Text(Render(Report(1), english: true));
        foreach (
            var expected in (string[])
                [
                    "Report on the use of facilities",
                    "Salón número 1",
                    "56 of 420 h",
                    "When they are used",
                    "Day by day",
                    "How it is counted",
                    "Sat",
                ]
        )
            Assert.Contains(expected, english, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_facilities_go_over_many_pages_and_none_is_lost()
    {
        var pages = Pdf.Pages(Render(Report(40, 24)));

        Assert.True(pages.Length > 8);
        Assert.All(
            Enumerable.Range(1, 40),
            n =>
                Assert.InRange(
                    pages.Count(page =>
                        page.Contains($"Salón número {n} ", StringComparison.Ordinal)
                        || page.Contains($"Salón número {n}\n", StringComparison.Ordinal)
                    ),
                    2,
                    4
                )
        );
        Assert.Contains($"página {pages.Length} de {pages.Length}", pages[^1], StringComparison.Ordinal);
        Assert.Contains("Mes por mes", string.Concat(pages), StringComparison.Ordinal);
    }

    /// <summary>The page carries it from the prerendering into the circuit.</summary>
    [Fact]
    public void A_report_is_the_same_after_it_was_written_and_read_as_JSON()
    {
        var report = Report(3);

        var read = System.Text.Json.JsonSerializer.Deserialize<OccupancyReport>(System.Text.Json.JsonSerializer.Serialize(report))!;

        Assert.Equal(
            (report.Total.Use.Total, report.Total.Use[6, 8], report.Total.NoShowRate, report.Steps[6]),
            (read.Total.Use.Total, read.Total.Use[6, 8], read.Total.NoShowRate, read.Steps[6])
        );
        Assert.Equal(report.Facilities.Select(f => (f.Name, f.Use.Total)), read.Facilities.Select(f => (f.Name, f.Use.Total)));
    }

    [Fact]
    public void A_building_without_facilities_has_a_report_of_nothing() =>
        Assert.Contains("0 de 0 h", Pdf.Text(Render(Report(0))), StringComparison.Ordinal);

    [Theory]
    [InlineData(null, null, null, "2026-11-01", "2026-11-30")]
    [InlineData("last-month", null, null, "2026-10-01", "2026-10-31")]
    [InlineData("quarter", null, null, "2026-09-01", "2026-11-30")]
    [InlineData("year", null, null, "2026-01-01", "2026-12-31")]
    [InlineData("last-year", null, null, "2025-01-01", "2025-12-31")]
    [InlineData("year", "2026-02-03", "2026-02-28", "2026-02-03", "2026-02-28")]
    [InlineData("nonsense", "2026-02-30", "x", "2026-11-01", "2026-11-30")]
    public void A_period_is_read_from_its_address_and_written_back(string? name, string? from, string? to, string first, string last)
    {
        var period = OccupancyPeriod.Read(name, from, to, new(2026, 11, 20));

        Assert.Equal((first, last), ($"{period.From:yyyy-MM-dd}", $"{period.To:yyyy-MM-dd}"));
        var query = System.Web.HttpUtility.ParseQueryString(period.Query(7));
        Assert.Equal(period, OccupancyPeriod.Read(query["period"], query["from"], query["to"], new(2026, 11, 20)));
        Assert.Equal("7", query["facility"]);
    }
}
