using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using Portal.Data.Demo;
using Portal.Data.Home;

namespace Portal.Bench;

/// <summary>
/// Whole pages over HTTP, signed in, eight at once: the portal as a process of its own against a bare server that runs the dashboard's
/// statements (or the list's)
/// through the driver and writes the values into a string.
/// </summary>
internal static partial class PageBench
{
    private const int Workers = 8;

    public static async Task RunAsync(TestBed bed)
    {
        await using var raw = await RawServerAsync(bed);
        using var portal = await PortalProcess.StartAsync(bed.ConnectionString);
        using var bare = new HttpClient { BaseAddress = new Uri(raw.Urls.First()) };
        await Measure.CompareAsync(
            "page: administrator's dashboard", 50, () => GetAsync(portal.Client, "/"), () => GetAsync(bare, "/dashboard"), Workers);
        await Measure.CompareAsync(
            "page: list of payments, 20 rows", 40, () => GetAsync(portal.Client, "/payments?from=2020-01-01&sort=-date"),
            () => GetAsync(bare, "/payments"), Workers);
    }

    private static async Task GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    private static async Task<WebApplication> RawServerAsync(TestBed bed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet(
            "/dashboard",
            async (HttpContext http) =>
            {
                var (sql, parameters) = OfficeHomeQuery.Statements(bed.Clock);
                return Results.Content(await BatchAsync(bed, sql, parameters, http.RequestAborted), "text/html");
            }
        );
        app.MapGet(
            "/payments",
            async (HttpContext http) =>
            {
                return Results.Content(
                    await BatchAsync(
                        bed,
                        """
                        SELECT COUNT(*), SUM(CASE WHEN status_id = 1 THEN amount ELSE 0 END), SUM(CASE WHEN status_id = 2 THEN amount ELSE 0 END) FROM payments WHERE payment_date >= '2020-01-01';
                        SELECT p.id, p.receipt_number, p.payment_date, p.payment_time, t.name, a.apartment_number, f.first_name, f.last_name, m.name, p.reference_number, p.status_id, p.amount
                        FROM payments AS p LEFT JOIN apartments AS a ON a.id = p.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id LEFT JOIN payment_methods AS m ON m.id = p.payment_method_id
                        INNER JOIN owners AS o ON o.id = p.owner_id LEFT JOIN profile AS f ON f.user_id = o.user_id
                        WHERE p.payment_date >= '2020-01-01' ORDER BY p.payment_date DESC, p.payment_time DESC, p.id DESC LIMIT 20;
                        """,
                        new Dictionary<string, object?>(),
                        http.RequestAborted
                    ),
                    "text/html"
                );
            }
        );
        await app.StartAsync();
        return app;
    }

    private static async Task<string> BatchAsync(
        TestBed bed, string sql, IReadOnlyDictionary<string, object?> parameters, CancellationToken ct)
    {
        await using var connection = new MySqlConnection(bed.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new MySqlCommand(sql, connection);
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await WriteAsync(reader, ct);
    }

    private static async Task<string> WriteAsync(System.Data.Common.DbDataReader reader, CancellationToken ct)
    {
        var html = new StringBuilder("<!DOCTYPE html><html><body>");
        do
        {
            html.Append("<table>");
            while (await reader.ReadAsync(ct))
            {
                html.Append("<tr>");
                for (var i = 0; i < reader.FieldCount; i++)
                    html.Append("<td>")
                        .Append(WebUtility.HtmlEncode(reader.IsDBNull(i) ? "" : reader.GetValue(i).ToString()))
                        .Append("</td>");
                html.Append("</tr>");
            }

            html.Append("</table>");
        }
        while (await reader.NextResultAsync(ct));
        return html.Append("</body></html>").ToString();
    }

    /// <summary>The built portal as a process of its own, with somebody signed in.</summary>
    private sealed partial class PortalProcess : IDisposable
    {
        private readonly Process _process;

        private PortalProcess(Process process, HttpClient client) => (_process, Client) = (process, client);

        public HttpClient Client { get; }

        public static async Task<PortalProcess> StartAsync(string connectionString)
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Portal.dll"));
            start.Environment["ConnectionStrings__Portal"] = connectionString;
            start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
            start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
            start.Environment["Logging__LogLevel__Default"] = "Warning";
            var process = Process.Start(start) ?? throw new InvalidOperationException("The portal did not start.");
            var address = "";
            while (address.Length == 0 && await process.StandardOutput.ReadLineAsync() is { } line) address = Address().Match(line).Value;
            if (address.Length == 0)
                throw new InvalidOperationException($"The portal ended: {await process.StandardError.ReadToEndAsync()}");
            // Nobody reads its log from here on; unread, it would fill the pipe and stop the portal.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
            var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), MaxConnectionsPerServer = 32 })
            {
                BaseAddress = new Uri(address),
            };
            var page = await client.GetStringAsync("/sign-in");
            using var answer = await client.PostAsync(
                "/sign-in",
                new FormUrlEncodedContent(
                    new Dictionary<string, string>
                    {
                        ["_handler"] = "sign-in",
                        ["__RequestVerificationToken"] = Token().Match(page).Groups[1].Value,
                        ["Input.Login"] = DemoSeed.Accounts[0].UserName,
                        ["Input.Password"] = DemoSeed.Password,
                    }
                )
            );
            if (answer.RequestMessage!.RequestUri!.AbsolutePath != "/")
                throw new InvalidOperationException("Signing in to the demo failed.");
            return new PortalProcess(process, client);
        }

        public void Dispose()
        {
            Client.Dispose();
            _process.Kill();
            _process.Dispose();
        }

        [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
        private static partial Regex Address();

        [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
        private static partial Regex Token();
    }
}
