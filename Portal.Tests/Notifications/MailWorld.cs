using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Portal.Data;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Hosting;
using Portal.Tests.Facilities;
using Portal.Tests.Server;

namespace Portal.Tests.Notifications;

/// <summary>The building where things are booked, with its bells, its mail and a mail server.</summary>
internal sealed class MailWorld(TestDatabase database, bool mail = true) : IAsyncDisposable
{
    public const string Sender = "portal@nogal.example";

    public MailServer Server { get; } = new();

    public FacilityWorld Building => _building ??= new FacilityWorld(database, services => services.AddNotifications(Configuration()));

    private FacilityWorld? _building;

    /// <summary>A person with an apartment, an address and a language.</summary>
    public async Task<CurrentUser> PersonAsync(string first, string? address, string? language, string? apartment = null)
    {
        var person = await Building.OwnerAsync(apartment);
        await using var db = await Building.Store.OpenAsync(CurrentUser.System, default);
        var profile = await db.Profiles.Include(p => p.User).SingleAsync(p => p.UserId == person.Id);
        (profile.FirstName, profile.Email, profile.User!.Language) = (first, address, language);
        await db.SaveChangesAsync();
        return person;
    }

    /// <inheritdoc cref="FacilityWorld.RunJobsAsync"/>
    public Task WorkAsync() => Building.RunJobsAsync();

    public Task<List<Notification>> BellAsync(CurrentUser person) =>
        Building.ReadAsync(db => db.Notifications.AsNoTracking().Where(n => n.RecipientId == person.Id).OrderBy(n => n.Id).ToListAsync());

    public Task<List<Job>> MailJobsAsync() =>
        Building.ReadAsync(db => db.Jobs.AsNoTracking().Where(j => j.Kind == MailJob.JobKind.Name).OrderBy(j => j.Id).ToListAsync());

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_building is not null) await _building.DisposeAsync();
    }

    private IConfiguration Configuration() =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                !mail
                    ? []
                    : new Dictionary<string, string?>
                    {
                        ["Mail:Host"] = "127.0.0.1",
                        ["Mail:Port"] = $"{Server.Port}",
                        ["Mail:Security"] = "none",
                        ["Mail:From"] = Sender,
                        ["Mail:TimeoutSeconds"] = "10",
                    }
            )
            .Build();
}
