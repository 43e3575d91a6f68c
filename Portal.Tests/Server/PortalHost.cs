using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Data.Identity;

namespace Portal.Tests.Server;

/// <summary>The whole portal, composed by its own Program, on a test's database. Hashing is made cheap, and it lives on the
/// run's <see cref="TestDay"/>; nothing else differs.</summary>
/// <param name="log">Also told what the portal logs: a page that could not be shown is logged, and answers 200 all the same.</param>
public sealed class PortalHost(
    string connectionString, Action<AccountOptions>? configure = null, Action<IServiceCollection>? services = null,
    ILoggerProvider? log = null)
    : WebApplicationFactory<Program>
{
    /// <summary>Somebody with a browser without JavaScript: keeps cookies, follows no redirect by itself.</summary>
    public Visitor NewVisitor(string language = "en") => new(CreateDefaultClient(new CookieContainerHandler()), language);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("ConnectionStrings:Portal", connectionString);
        builder.ConfigureLogging(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Warning);
            if (log is not null) logging.AddProvider(log);
        });
        builder.ConfigureServices(all => all.AddSingleton(TestDay.Time).Configure<AccountOptions>(options =>
        {
            options.BcryptCost = 5;
            options.FailuresAtOnce = 1000;
            configure?.Invoke(options);
        }));
        if (services is not null) builder.ConfigureServices(services);
    }

    private sealed class CookieContainerHandler : DelegatingHandler
    {
        private readonly CookieContainer _cookies = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_cookies.GetCookieHeader(request.RequestUri!) is { Length: > 0 } header) request.Headers.Add("Cookie", header);
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.TryGetValues("Set-Cookie", out var set))
            {
                foreach (var cookie in set) _cookies.SetCookies(request.RequestUri!, cookie);
            }

            return response;
        }
    }
}

/// <summary>What a page answered, with its document.</summary>
public sealed record Seen(HttpResponseMessage Response, IHtmlDocument Document)
{
    public HttpStatusCode Status => Response.StatusCode;

    /// <summary>Where it sends one on; null where it does not. A path with its query.</summary>
    public string? To => Response.Headers.Location is { } to ? to.IsAbsoluteUri ? to.PathAndQuery : to.ToString() : null;

    public string Text => Document.Body?.TextContent ?? "";
}

public sealed class Visitor(HttpClient client, string language)
{
    public HttpClient Client => client;

    public Task<Seen> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Fills in the form of a page and sends it as a browser would: with its hidden fields, to where it says.</summary>
    public async Task<Seen> SubmitAsync(Seen page, IReadOnlyDictionary<string, string> fields, string selector = "form[method=post]")
    {
        var form =
            page.Document.QuerySelector<IHtmlFormElement>(selector)
            ?? throw new InvalidOperationException($"No form '{selector}' in {(int)page.Status} {page.To}: {page.Text}");
        var values = form.QuerySelectorAll<IHtmlInputElement>("input[name]")
            .Where(input => input.Type != "checkbox" || input.IsChecked)
            .GroupBy(input => input.Name!).ToDictionary(group => group.Key, group => group.First().Value ?? "");
        foreach (var (name, value) in fields)
        {
            if (form.QuerySelector($"[name='{name}']") is null)
                throw new InvalidOperationException($"The form has no field '{name}'; it has {string.Join(", ", values.Keys)}.");
            values[name] = value;
        }

        var action = form.GetAttribute("action") is { Length: > 0 } to ? to : page.Response.RequestMessage!.RequestUri!.PathAndQuery;
        return await SendAsync(new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(values) });
    }

    public async Task<Seen> SignInAsync(string login, string password, bool remember = false, string path = "/sign-in")
    {
        var fields = new Dictionary<string, string> { ["Input.Login"] = login, ["Input.Password"] = password };
        if (remember) fields["Input.Remember"] = "true";
        return await SubmitAsync(await GetAsync(path), fields);
    }

    public async Task<Seen> SendAsync(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        var response = await client.SendAsync(request);
        var html = response.Content.Headers.ContentType?.MediaType == "text/html" ? await response.Content.ReadAsStringAsync() : "";
        return new Seen(response, await new HtmlParser().ParseDocumentAsync(html));
    }
}
