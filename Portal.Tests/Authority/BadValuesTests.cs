using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tests.Server;

namespace Portal.Tests.Authority;

/// <summary>
/// Every page and endpoint, asked with values that are no values: a number that is none, one that is too large, a date at the end of time,
/// a NUL, bytes that are no text. They are ignored, or what was asked for is not found; nothing breaks.
/// </summary>
public sealed partial class BadValuesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>As they stand in an address.</summary>
    private static readonly string[] Values =
    [
        "abc", "-1", "0", "99999999999999999999", "9223372036854775807", "2147483648", "1e400", "%00", "%FF%FE", "%ED%A0%80", "9999-12-31",
        "0001-01-01", "24:61", "%27%22%3C%3E%5C", new string('x', 3000),
    ];

    /// <summary>Filters of lists, which no attribute names.</summary>
    private static readonly string[] Filters =
    [
        "q", "sort", "page", "size", "state", "kind", "from", "to", "min", "max", "apartment", "payer", "facility", "record", "type", "age",
        "action", "table", "tower", "role", "category", "priority", "format", "notes", "v", "view", "day",
    ];

    public static TheoryData<string> WebAreas() =>
        [.. AreaMatrix.All.Where(area => area.Entries.OfType<WebEntry>().Any()).Select(area => area.GetType().Name)];

    [Theory]
    [MemberData(nameof(WebAreas))]
    public async Task Bad_values_in_an_address_are_ignored_or_not_found(string name)
    {
        var area = AreaMatrix.All.Single(a => a.GetType().Name == name);
        await using var world = new AuthorityWorld(database);
        await world.BeginAsync(area);
        await using var host = new PortalHost(database.ConnectionString);
        var names = QueryNames(host.Services);
        var wrong = new List<string>();
        foreach (var who in new[] { Who.Admin, Who.Owner, Who.Guard })
        {
            var visitor = host.NewVisitor();
            await visitor.SignInAsync(AuthorityWorld.Username(who), AuthorityWorld.Password);
            foreach (var entry in area.Entries.OfType<WebEntry>().Where(e => e.Allowed.Contains(who)))
            {
                var request = entry.Request();
                if (request.Method != HttpMethod.Get) continue;
                var path = request.RequestUri!.ToString().Split('?')[0];
                foreach (var value in Values)
                    await AskAsync(visitor, who, $"{path}?{string.Join('&', names.Select(n => $"{n}={value}"))}", wrong, mayRefuse: false);
                var route = entry.Address[entry.Address.IndexOf('/')..];
                if (!Parameter().IsMatch(route)) continue;

                // A NUL in a path is refused by the server itself, before the portal: see PortalAddressTests.
                foreach (var value in Values.Where(v => v != "%00"))
                    await AskAsync(visitor, who, Parameter().Replace(route, value), wrong, mayRefuse: true);
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Distinct()));
    }

    private static async Task AskAsync(Visitor visitor, Who who, string address, List<string> wrong, bool mayRefuse)
    {
        var asked = address.Length > 300 ? address[..300] + "…" : address;
        try
        {
            using var response = await visitor.Client.GetAsync(new Uri(address, UriKind.Relative));
            var text = await response.Content.ReadAsStringAsync();
            if (text.Contains("class=\"empty empty-bad\"", StringComparison.Ordinal)) wrong.Add($"{who} reads that it failed: {asked}");
            var refused = response.StatusCode == HttpStatusCode.BadRequest && !mayRefuse;
            if (refused || response.StatusCode >= HttpStatusCode.InternalServerError)
                wrong.Add($"{who} {(int)response.StatusCode} {asked}");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            wrong.Add($"{who} {exception.GetType().Name} {exception.Message} {asked}");
        }
    }

    /// <summary>The names that pages and endpoints take from an address.</summary>
    private static SortedSet<string> QueryNames(IServiceProvider services)
    {
        var pages = typeof(Program).Assembly.GetTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(property => (property.Name, Attribute: property.GetCustomAttribute<SupplyParameterFromQueryAttribute>()))
            .Where(found => found.Attribute is not null)
            .Select(found => found.Attribute!.Name ?? found.Name);
        var endpoints = services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints)
            .SelectMany(endpoint => endpoint.Metadata.OfType<MethodInfo>())
            .SelectMany(method => method.GetParameters())
            .Where(p => p.ParameterType == typeof(string) || Nullable.GetUnderlyingType(p.ParameterType) is not null)
            .Select(parameter => parameter.Name!);
        return new SortedSet<string>([.. pages, .. endpoints, .. Filters], StringComparer.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
