using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Portal.Areas.Notifications;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Tests.Facilities;
using Portal.Tests.Server;

namespace Portal.Tests.Notifications;

/// <summary>What bell and mail say of each type, in both languages.</summary>
public sealed partial class NotificationTextTests
{
    private static readonly DateTime Now = new(2026, 11, 20, 15, 24, 0, DateTimeKind.Utc);
    private static readonly NotificationText Text = new(
        new BuildingClock(new StoppedClock(Now), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone))
    );

    private static readonly NotificationPart[] Booking =
    [
        new(Text: "R-2026-000731"),
        new(Text: "Salón social"),
        new(From: FacilityWorld.At(28, 18), To: FacilityWorld.At(28, 22)),
        new(Until: new DateTime(2026, 11, 20, 16, 24, 0, DateTimeKind.Utc)),
    ];

    private static readonly NotificationPart[] ToApprove = [.. Booking[..3], new(Text: "B 402")];

    private static NotificationRow Row(string type, params NotificationPart[] about) =>
        new(1, "the title", "the message", type, false, "/reservations", Now, NotificationPart.Write(about));

    private static (string Title, string Message) Of(string language, NotificationRow row) =>
        Text.Of(row, CultureInfo.GetCultureInfo(language));

    public static TheoryData<string> ReservationTypes =>
        [
            .. typeof(ReservationNotices)
                .GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
                .Where(f => f.IsLiteral)
                .Select(f => (string)f.GetRawConstantValue()!)
                .Where(type => type.StartsWith("reservation.", StringComparison.Ordinal)),
        ];

    [Theory]
    [MemberData(nameof(ReservationTypes))]
    public void Every_notice_of_a_booking_names_facility_and_time_in_both_languages(string type)
    {
        var row = Row(type, type == ReservationNotices.ToApprove ? ToApprove : Booking);
        var (spanish, english) = (Of("es", row), Of("en", row));
        Assert.DoesNotContain("the ", spanish.Title + spanish.Message);
        Assert.NotEqual("the title", english.Title);
        Assert.NotEqual(spanish.Title, english.Title);
        Assert.Contains("Salón social, sábado 28 de noviembre, 18:00 a 22:00", spanish.Message);
        Assert.Contains("Saturday 28 November, 18:00 to 22:00", english.Message);
        Assert.Contains("Salón social", english.Message);
        Assert.All(new[] { spanish, english }, words => Assert.DoesNotMatch(@"\{|  | \.|, \.|,,", words.Title + words.Message));
    }

    [Theory]
    [InlineData(
        ReservationNotices.Held,
        "Te apartamos el lugar hasta que pagues",
        "Salón social, sábado 28 de noviembre, 18:00 a 22:00. Págala antes del 20 de noviembre de 2026, 11:24; si no, el lugar queda libre. Reserva R-2026-000731."
    )]
    [InlineData(
        ReservationNotices.Offered,
        "Hay un lugar para ti",
        "Se liberó Salón social, sábado 28 de noviembre, 18:00 a 22:00. Te lo guardamos hasta el 20 de noviembre de 2026, 11:24: acéptalo antes, o pasa a quien sigue."
    )]
    [InlineData(
        ReservationNotices.Changed, "Reserva cambiada",
        "Tu reserva R-2026-000731 es ahora: Salón social, sábado 28 de noviembre, 18:00 a 22:00.")]
    [InlineData(
        ReservationNotices.ToApprove, "Reserva por aprobar",
        "B 402: Salón social, sábado 28 de noviembre, 18:00 a 22:00. Reserva R-2026-000731.")]
    public void In_Spanish_it_reads(string type, string title, string message) =>
        Assert.Equal((title, message), Of("es-CO", Row(type, type == ReservationNotices.ToApprove ? ToApprove : Booking)));

    [Theory]
    [InlineData(
        ReservationNotices.Held,
        "Your place is held until you pay",
        "Salón social, Saturday 28 November, 18:00 to 22:00. Pay before 20 November 2026, 11:24, or the place is given up. Booking R-2026-000731."
    )]
    [InlineData(
        ReservationNotices.NoShow,
        "We have no record of your arrival",
        "Your booking counts as not used: Salón social, Saturday 28 November, 18:00 to 22:00. If that is a mistake, write to the office. Booking R-2026-000731."
    )]
    public void In_English_it_reads(string type, string title, string message) =>
        Assert.Equal((title, message), Of("en-GB", Row(type, Booking)));

    [Fact]
    public void A_reason_follows_in_the_words_of_who_gave_it_even_with_braces()
    {
        var row = Row(ReservationNotices.Cancelled, [.. Booking, new(Why: "Se dañó la {bomba} de agua.")]);
        Assert.Equal(
            "La administración canceló tu reserva: Salón social, sábado 28 de noviembre, 18:00 a 22:00. Reserva R-2026-000731. Motivo: Se dañó la {bomba} de agua.",
            Of("es", row).Message
        );
        Assert.EndsWith("Reason: Se dañó la {bomba} de agua.", Of("en", row).Message);
    }

    [Fact]
    public void What_ends_at_midnight_ends_at_24_and_what_ends_later_names_its_day()
    {
        NotificationPart[] Ending(DateTime end) => [Booking[0], Booking[1], new(From: FacilityWorld.At(30, 20), To: end)];
        Assert.Contains(
            "lunes 30 de noviembre, 20:00 a 24:00.",
            Of("es", Row(ReservationNotices.Confirmed, Ending(FacilityWorld.At(1, 0, month: 12)))).Message
        );
        Assert.Contains(
            "lunes 30 de noviembre, 20:00, hasta el martes 1 de diciembre, 02:00.",
            Of("es", Row(ReservationNotices.Confirmed, Ending(FacilityWorld.At(1, 2, month: 12)))).Message
        );
    }

    [Theory]
    [InlineData("payment.confirmed", "Payment confirmed", "We received your payment of $1,100,000. Receipt RC-2026-000009.")]
    [InlineData("payment.rejected", "Payment rejected", "Your payment of $1,100,000 was not confirmed.")]
    [InlineData("payment.voided", "Payment voided", "The payment of $1,100,000, receipt RC-2026-000009, was voided.")]
    [InlineData("package.received", "Package at the gate", "RC-2026-000009. Collect it at the gate.")]
    [InlineData("pqrs.reply", "Your PQRS was answered", "RC-2026-000009 · $1,100,000")]
    public void Other_areas_have_their_words_too(string type, string title, string message) =>
        Assert.Equal((title, message), Of("en", Row(type, new(Text: "RC-2026-000009"), new(Money: 1_100_000m))));

    /// <summary>Types that the sources tell, wherever that is.</summary>
    public static TheoryData<string> ToldTypes =>
        [
            .. new[] { "Pqrs", "Payments", "Gate" }
                .SelectMany(area => Directory.EnumerateFiles(Path.Combine(Repository.Root, "Portal.Data", area), "*.cs"))
                .SelectMany(file => Told().Matches(File.ReadAllText(file)).Select(found => found.Groups[1].Value))
                .Distinct()
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(ToldTypes))]
    public void Every_type_that_is_told_has_its_words(string type)
    {
        Assert.True(ToldTypes.Count > 12);
        foreach (var language in new[] { "es", "en" })
        {
            var (title, message) = Of(language, Row(type, new(Text: "N-1"), new(Text: "about")));
            Assert.NotEqual("the title", title);
            Assert.NotEqual("the message", message);
        }
    }

    // A dotted word that is no refusal's code.
    [GeneratedRegex(@"(?<!Error\()""(?!payment\.already_)((?:pqrs|payment|package)\.[a-z_]+)""")]
    private static partial Regex Told();

    [Fact]
    public void What_was_written_before_there_were_words_stands_as_it_was() =>
        Assert.Equal(
            ("Booking approved", "BBQ 2"),
            Of("en", new NotificationRow(1, "Reserva aprobada", "BBQ 2", "reservation.approved", false, null, Now, null))
        );

    [Fact]
    public void A_mail_writes_what_people_wrote_as_text_and_leads_only_into_the_portal()
    {
        var mail = new NotificationMail(Text);
        var row = new NotificationRow(
            1, "t", "m", "package.received", false, "//evil.example/x", Now, NotificationPart.Write([new(Text: "<b>Caja</b> & \"más\"")]));
        var words = mail.Write(
            row, new MailReader("Ana\r\nBcc: x@example.org", "es"),
            new BuildingSettings { Name = "Nogal", PublicAddress = "http://portal.example:8080/" });
        Assert.Contains("&lt;b&gt;Caja&lt;/b&gt; &amp; &quot;m", words.Html);
        Assert.DoesNotContain("evil", words.Html + words.Text);
        Assert.Equal("http://portal.example:8080/account#mail", words.Choose);
        Assert.Null(
            mail.Write(row, new MailReader("Ana", "es"), new BuildingSettings { Name = "Nogal", PublicAddress = "javascript://x" }).Choose
        );
        Assert.DoesNotContain(
            "http",
            mail.Write(row with { Link = "/packages" }, new MailReader("", "en"), new BuildingSettings { Name = "Nogal" }).Text
        );
    }
}
