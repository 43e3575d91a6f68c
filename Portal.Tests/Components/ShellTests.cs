using Bunit;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Data.Access;
using Xunit;

namespace Portal.Tests.Components;

public sealed class ShellTests : PartsContext
{
    private static ShellModel Model(string role, params string[] permissions) =>
        new(
            "Mirador del Nogal", "Carolina Mejía", role, "Administradora", permissions, new() { ["pqrs"] = new(120, true) }, 4,
            new DateTime(2026, 11, 20, 2, 0, 0));

    [Fact]
    public void The_rail_shows_only_what_the_permissions_open()
    {
        var rail = Render<Rail>(parameters =>
            parameters
                .Add(part => part.Model, Model("owner", Permissions.PqrsFileOwn, Permissions.PaymentsViewOwn))
                .Add(part => part.Path, "/pqrs/12")
        );
        Assert.Equal(["Inicio", "PQRS", "Pagos"], rail.FindAll(".rail-word").Select(word => word.TextContent));
        Assert.Equal("/pqrs", rail.Find("[aria-current=page]").GetAttribute("href"));
        Assert.Equal("99+", rail.Find(".count-bad [aria-hidden]").TextContent);
        Assert.Contains("hoy 02:00", rail.Find(".rail-foot").TextContent);
    }

    [Fact]
    public void An_admin_sees_the_gate_and_not_their_own_visits()
    {
        var keys = Navigation.For(Model("admin", [.. Permissions.All])).Select(item => item.Key).ToList();
        Assert.Contains("gate", keys);
        Assert.DoesNotContain("visits", keys);
        Assert.DoesNotContain("reservations", keys);
    }

    [Theory]
    [InlineData("owner", "home payments reservations visits pqrs")]
    [InlineData("admin", "home pqrs payments facilities people")]
    [InlineData("security", "home gate packages parking people")]
    public void Under_the_thumb_are_home_and_the_four_things_of_the_role(string role, string expected)
    {
        string[] permissions =
            role == "owner" ? [.. Permissions.All.Where(name => name.EndsWith("_own", StringComparison.Ordinal))] : [.. Permissions.All];
        Assert.Equal(expected, string.Join(' ', Navigation.UnderThumb(Model(role, permissions)).Select(item => item.Key)));
    }

    [Fact]
    public void A_role_made_as_data_fills_its_bar_from_the_rail() =>
        Assert.Equal(
            "home audit",
            string.Join(' ', Navigation.UnderThumb(Model("auditor", Permissions.AuditView)).Select(item => item.Key))
        );

    [Fact]
    public void An_area_holds_its_pages_and_home_only_itself()
    {
        var home = Navigation.Items.Single(item => item.Key == "home");
        var payments = Navigation.Items.Single(item => item.Key == "payments");
        Assert.True(home.Holds("/"));
        Assert.False(home.Holds("/payments"));
        Assert.True(payments.Holds("/payments/12"));
        Assert.False(payments.Holds("/payments-old"));
        Assert.True(payments.Holds("/account/101"));
        Assert.False(payments.Holds("/account/privacy"));
        Assert.False(payments.Holds("/account"));
    }

    [Theory]
    [InlineData("Carolina Mejía", "CM")]
    [InlineData("  óscar  iván nieto ", "ÓI")]
    [InlineData("Ana", "A")]
    [InlineData("", "?")]
    [InlineData(null, "?")]
    public void An_avatar_has_the_first_letters_of_two_words(string? name, string expected) => Assert.Equal(expected, Initials.Of(name));

    [Fact]
    public void An_icon_names_its_picture_in_the_sprite()
    {
        var icon = Render<Icon>(parameters =>
            parameters.Add(part => part.Name, Glyph.Bell).Add(part => part.Title, "Avisos & más").Add(part => part.Size, IconSize.Small)
        );
        Assert.Equal("Avisos & más", icon.Find("svg.i.i-sm[role=img]").GetAttribute("aria-label"));
        Assert.Equal($"{IconSprite.Source}#Bell", icon.Find("use").GetAttribute("href"));
    }

    [Fact]
    public void Every_glyph_draws_something() => Assert.All(Enum.GetValues<Glyph>(), glyph => Assert.StartsWith("M", Glyphs.Path(glyph)));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(9)]
    public void The_facade_draws_every_floor_inside_its_frame(int towers)
    {
        var facade = Render<Facade>(parameters =>
            parameters.Add(
                part => part.Towers,
                [.. Enumerable.Range(0, towers).Select(index => new FacadeTower(((char)('A' + index)).ToString(), 4 + (index * 5), 4))]
            )
        );
        Assert.Equal(Math.Min(towers, 6), facade.FindAll(".tower").Count);
        Assert.Single(facade.FindAll(".lit-2"));
        Assert.All(facade.FindAll("rect"), pane =>
        {
            Assert.InRange(double.Parse(pane.GetAttribute("y")!, System.Globalization.CultureInfo.InvariantCulture), 0, 600);
            Assert.True(double.Parse(pane.GetAttribute("width")!, System.Globalization.CultureInfo.InvariantCulture) > 0);
        });
    }
}
