using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Api;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Api;

/// <summary>What the API answered.</summary>
internal sealed record Answered(HttpResponseMessage Response, string Text)
{
    public HttpStatusCode Status => Response.StatusCode;

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>Status and code of a problem; that it is one is asserted.</summary>
    public (int Status, string? Code) Problem
    {
        get
        {
            Assert.Equal("application/problem+json", Response.Content.Headers.ContentType?.MediaType);
            Assert.Equal((int)Status, Json.GetProperty("status").GetInt32());
            return ((int)Status, Json.GetProperty("code").GetString());
        }
    }
}

/// <summary>The whole portal with an administrator, an apartment with its owner, and a clock that a test moves.</summary>
internal sealed class ApiWorld : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly HttpClient _client;

    private ApiWorld(TestDatabase database)
    {
        Clock = new StoppedClock(new DateTime(2026, 11, 20, 15, 24, 10, DateTimeKind.Utc));
        Host = new PortalHost(database.ConnectionString, services: services =>
        {
            services.Remove(services.Single(s => s.ImplementationType == typeof(DailyWork)));
            services.AddSingleton<TimeProvider>(Clock).AddSingleton<IStartupFilter>(new From(this));
        });
        _client = Host.CreateDefaultClient();
    }

    public PortalHost Host { get; }

    public StoppedClock Clock { get; }

    /// <summary>Where requests come from.</summary>
    public IPAddress Address { get; set; } = IPAddress.Parse("198.51.100.7");

    public long Admin { get; private set; }

    public long Apartment { get; private set; }

    public long Person { get; private set; }

    public PortalStore Store => Host.Services.GetRequiredService<PortalStore>();

    public static async Task<ApiWorld> StartAsync(TestDatabase database)
    {
        var world = new ApiWorld(database);
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        var admin = db.AddAccount(
            "carolina", Roles.Admin, "Carolina", "Mejía", "carolina@correo.example", Bcrypt.Hash(Password, Bcrypt.LowestCost), SessionStamp.New());
        var owner = db.AddOwner(db.AddAccount("andrea", Roles.Owner, "Andrea", "Ruiz", "andrea@correo.example"));
        var apartment = db.AddUnit(new Tower { Name = "Torre A", Floors = 4 }, "101", owner);
        await db.SaveChangesAsync();
        (world.Admin, world.Apartment, world.Person) = (admin.Id, apartment.Id, owner.Id);
        return world;
    }

    public async Task<CurrentUser> AdminAsync()
    {
        using var scope = Host.Services.CreateScope();
        return (await scope.ServiceProvider.GetRequiredService<CurrentUserSource>().LoadAsync(Admin, default))!.User;
    }

    /// <summary>A key of the administrator's; its secret.</summary>
    public async Task<MadeApiKey> KeyAsync(params string[] scopes) => await KeyAsync(new ApiKeyInput("Contabilidad", scopes));

    public async Task<MadeApiKey> KeyAsync(ApiKeyInput input)
    {
        using var scope = Host.Services.CreateScope();
        var made = await scope.ServiceProvider.GetRequiredService<ApiKeyService>().MakeAsync(input, await AdminAsync(), default);
        return made.Ok ? made.Value : throw new InvalidOperationException(made.Error!.Code);
    }

    public async Task RevokeAsync(long key)
    {
        using var scope = Host.Services.CreateScope();
        Assert.True((await scope.ServiceProvider.GetRequiredService<ApiKeyService>().RevokeAsync(key, await AdminAsync(), default)).Ok);
    }

    public Task<Answered> GetAsync(string path, string? secret, string language = "en") =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), secret, language);

    public Task<Answered> PostAsync(string path, string? secret, object body, string? once = null, string? match = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (once is not null) request.Headers.Add("Idempotency-Key", once);
        if (match is not null) request.Headers.TryAddWithoutValidation("If-Match", match);
        return SendAsync(request, secret);
    }

    public async Task<Answered> SendAsync(HttpRequestMessage request, string? secret, string language = "en")
    {
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        var response = await _client.SendAsync(request);
        return new Answered(response, await response.Content.ReadAsStringAsync());
    }

    public async Task<T> ReadAsync<T>(Func<PortalDb, Task<T>> read)
    {
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        return await read(db);
    }

    public Task<int> PaymentsAsync() => ReadAsync(db => db.Payments.CountAsync());

    /// <summary>A payment of 100,000 for the apartment.</summary>
    public object Payment(long amount = 100_000) => new
    {
        apartmentId = Apartment, payerId = Person, amount, methodId = 2, date = "2026-11-20", time = "09:52:00", reference = "8841",
    };

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Host.DisposeAsync();
    }

    /// <summary>A test's server has no network: requests come from where the test says.</summary>
    private sealed class From(ApiWorld world) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                http.Connection.RemoteIpAddress = world.Address;
                return rest(http);
            });
            next(app);
        };
    }
}
