using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data.Operations;

namespace Portal.Data.Backups;

internal sealed class BackupsArea : DataArea
{
    public override void Register(IServiceCollection services)
    {
        services.TryAddSingleton(new BackupOptions());
        services.TryAddSingleton<BackupLogin>(provider => () =>
        {
            using var db = provider.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContext();
            return db.Database.GetConnectionString()!;
        });
        services.AddSingleton<BackupDesk>().AddSingleton<BackupWork>().AddScoped<BackupsService>()
            .AddNightlyJob<NightlyBackup>(NightlyBackup.JobKind, NightlyBackup.At)
            .AddFrequentJob<BackupWatch>(BackupWatch.JobKind, BackupWatch.Every)
            .AddScoped<IJobHandler, AskedBackup>();
    }
}
