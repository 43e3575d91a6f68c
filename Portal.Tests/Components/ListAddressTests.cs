using Portal.Components.Shared;
using Portal.Data;
using Portal.Hosting;
using Xunit;

namespace Portal.Tests.Components;

public sealed class ListAddressTests
{
    [Fact]
    public void An_address_gives_back_the_query_it_was_written_from()
    {
        var query = new ListQuery(
            "Peña & hijos", "amount", true, 3, 50,
            new Dictionary<string, string> { ["state"] = "pending,confirmed", ["from"] = "2026-11-01" });

        var address = ListAddress.Write("/payments", query, "-date");
        var read = ListAddress.Read("https://portal.example" + address + "#main", "-date");

        Assert.StartsWith("/payments?q=Pe", address);
        Assert.Contains("state=pending,confirmed", address);
        Assert.Equal(
            (query.Search, query.Sort, query.Descending, query.Page, query.Size),
            (read.Search, read.Sort, read.Descending, read.Page, read.Size)
        );
        Assert.Equal(query.Filters, read.Filters);
    }

    [Fact]
    public void What_equals_the_default_is_left_out() =>
        Assert.Equal(
            "/payments",
            ListAddress.Write(
                "/payments", new ListQuery(" ", "date", true, Filters: new Dictionary<string, string> { ["state"] = "" }), "-date")
        );

    [Theory]
    [InlineData("?page=-4&size=5000", 1, 100)]
    [InlineData("?page=x&size=0", 1, 1)]
    [InlineData("?page=2&size=", 2, 20)]
    [InlineData("?page=99999999999999", 1, 20)]
    public void Nonsense_in_an_address_never_leaves_the_bounds(string address, int page, int size)
    {
        var read = ListAddress.Read("/payments" + address);
        Assert.Equal((page, size), (read.Page, read.Size));
    }

    [Fact]
    public void Several_boxes_of_one_name_are_one_filter_and_empty_ones_are_none()
    {
        var read = ListAddress.Read("/payments?state=pending&state=voided&from=&format=csv&q=");
        Assert.Equal("pending,voided", read.Filter("state"));
        Assert.Null(read.Filter("from"));
        Assert.Null(read.Filter("format"));
        Assert.Null(read.Search);
    }

    [Theory]
    [InlineData("/payments?page=2", "/payments?page=2")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    [InlineData("/people?q=¿Ñandú 🏢?", "/people?q=%C2%BF%C3%91and%C3%BA%20%F0%9F%8F%A2?")]
    [InlineData(null, "/")]
    public void Switching_the_language_never_leads_out_of_the_portal(string? back, string expected) =>
        Assert.Equal(expected, PreferenceEndpoints.Local(back));
}
