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
        services.TryAddSingleton<StartDrillServer>((_, _, _) => throw new BackupException(
            "There is no program here that starts a server for a drill."));
        services.AddSingleton<LogArchive>().AddSingleton<DrillWork>();
        services.AddSingleton<BackupDesk>().AddSingleton<BackupWork>().AddScoped<BackupsService>()
            .AddNightlyJob<NightlyBackup>(NightlyBackup.JobKind, NightlyBackup.At)
            .AddNightlyJob<WeeklyDrill>(WeeklyDrill.JobKind, WeeklyDrill.At)
            .AddFrequentJob<BackupWatch>(BackupWatch.JobKind, BackupWatch.Every)
            .AddFrequentJob<AwayRetry>(AwayRetry.JobKind, AwayRetry.Every)
            .AddScoped<IJobHandler, AskedBackup>()
            .AddScoped<IJobHandler, AskedDrill>();
    }
}
