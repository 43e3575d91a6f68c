using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Areas.Facilities;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Hosting;
using Portal.Resources;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>Every rule speaks both languages: title, rule, value found and remedy, with every value in its place.</summary>
public sealed class RefusalWordsTests
{
    private static readonly Opening Morning = new(At(21, 8), At(21, 12));

    private static readonly Refusal[] All =
    [
        new NotAvailable(FacilityState.Maintenance),
        new InThePast(At(20, 8), At(20, 10, 24)),
        new SkippedHour(At(21, 2)),
        new ClosedThatDay(new(2026, 11, 21), new(2026, 11, 23)),
        new ClosedThatDay(new(2026, 11, 21), null),
        new OutsideHours(new(2026, 11, 21), [Morning], At(21, 7), At(21, 9)),
        new OffTheGrid(60, At(21, 8, 30), At(21, 9, 30), At(21, 8), At(21, 9)),
        new TooShort(60, 120),
        new TooLong(300, 240),
        new BlackedOut(At(21, 0), At(22, 0), "Pintura"),
        new SlotTaken(At(21, 8), At(21, 12), 0),
        new SlotTaken(At(21, 8), At(21, 12), 30),
        new NotEnoughRoom(4, 2, 20),
        new NotEnoughRoom(4, 0, 20),
        new TooSoon(120, 96, At(20, 12, 24)),
        new TooFar(30, 45, new(2026, 12, 20), new(2026, 12, 5)),
        new TooManyPeople(30, 20),
        new QuotaUsed(2, QuotaPeriod.Month, [At(7, 12), At(14, 12)], new(2026, 12, 1)),
        new QuotaUsed(1, QuotaPeriod.Month, [At(7, 12)], new(2026, 12, 1), QuotaSubject.Person),
        new QuotaUsed(2, QuotaPeriod.Day, [At(7, 12), At(7, 16)], new(2026, 11, 8), QuotaSubject.Person),
        new OthersWait(2),
        new ChangedTooLate(1440, At(20, 10)),
        new TooManyOpen(2, 2, At(24, 8)),
        new InArrears(480_000, new(2026, 10, 10)),
        new HoldsAnother("BBQ 1", At(22, 8), At(22, 12)),
        new QuotaUsed(1, QuotaPeriod.Week, [At(16, 12)], new(2026, 11, 23)),
        new QuotaUsed(1, QuotaPeriod.Day, [At(20, 8)], new(2026, 11, 21)),
    ];

    public static TheoryData<string, bool> Languages => new() { { "es", false }, { "es", true }, { "en", false }, { "en", true } };

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_refusal_is_told_whole(string language, bool forOthers)
    {
        var words = Words(language);
        foreach (var refusal in All)
        {
            var text = words.Explain(refusal, "BBQ 2", "BBQ", forOthers);
            foreach (var line in new[] { text.Title, text.Rule, text.Have, text.HaveLabel, text.Remedy })
            {
                Assert.False(string.IsNullOrWhiteSpace(line), $"{refusal} says nothing somewhere");
                Assert.DoesNotContain("refusal.", line, StringComparison.Ordinal);
                Assert.DoesNotContain('{', line);
            }
        }
    }

    [Fact]
    public void No_rule_is_forgotten_here() =>
        Assert.Equal(
            typeof(Refusal)
                .Assembly.GetTypes()
                .Where(t => t.IsSubclassOf(typeof(Refusal)) && t != typeof(TermsNotAccepted))
                .Select(t => t.Name)
                .Order(),
            All.Select(r => r.GetType().Name).Distinct().Order()
        );

    [Fact]
    public void A_used_up_month_reads_as_people_say_it()
    {
        var quota = new QuotaUsed(2, QuotaPeriod.Month, [At(7, 12), At(14, 12)], new(2026, 12, 1));
        Assert.Equal(
            new RefusalText(
                "En noviembre ya no puedes reservar BBQ", "2 reservas de BBQ por apartamento y mes", "2 de 2: sáb 7 y sáb 14 de noviembre",
                "Llevas", "Vuelve a contar desde el martes 1 de diciembre"),
            Words("es").Explain(quota, "BBQ 2", "BBQ")
        );
        var wanted = new BookingInput(4, At(28, 12), At(28, 16), 2);
        Assert.Equal(
            "Reserva el martes 1 de diciembre: de 12:00 a 16:00 está libre",
            Words("es").Nearest(new FreeSlot(4, "BBQ 2", At(1, 12, month: 12), At(1, 16, month: 12)), wanted)
        );
        Assert.Equal("BBQ 1 is free at the same time", Words("en").Nearest(new FreeSlot(3, "BBQ 1", At(28, 12), At(28, 16)), wanted));
    }

    [Theory]
    [InlineData("es")]
    [InlineData("en")]
    public void Every_rule_has_a_name_of_its_own(string language)
    {
        var words = Localizer(language);
        var names = BookingRules.All.Select(rule => words["rule." + rule.Code]).ToList();
        Assert.DoesNotContain(names, name => name.ResourceNotFound);
        Assert.Equal(names.Count, names.Select(name => name.Value).Distinct().Count());
    }

    private static RefusalWords Words(string language) => new(Localizer(language));

    private static StringLocalizer<FacilitiesWords> Localizer(string language)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        var factory = new CountingLocalizerFactory(
            new ResourceManagerStringLocalizerFactory(Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance));
        return new StringLocalizer<FacilitiesWords>(factory);
    }
}
