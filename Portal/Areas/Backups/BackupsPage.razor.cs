using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Backups;

namespace Portal.Areas.Backups;

/// <summary>The sets, what would be lost now, and how one is restored.</summary>
public sealed partial class BackupsPage
{
    private static readonly string[] Tables = ["backup_sets", "backup_drills", "jobs"];

    private DataList<BackupRow>? list;
    private BackupState? state;
    private IReadOnlyList<DrilledTable> tables = [];
    private bool may;

    protected override async Task OnInitializedAsync()
    {
        var user = await Me.GetAsync();
        may = user.Can(Permissions.OperationsBackup);
        state = await Service.StateAsync(user, default);
        tables = await Service.DrilledAsync(user, default);
    }

    private bool Alarmed(BackupState now, params BackupAlarm[] any) => now.Alarms(Clock.UtcNow).Any(any.Contains);

    private bool Lost(BackupState now) =>
        now.Last is null || now.Alarms(Clock.UtcNow).Any(a => a is BackupAlarm.NotSetUp or BackupAlarm.Old);

    /// <summary>What is wrong, and what is to be done.</summary>
    private IEnumerable<(string What, string Why)> Alarms(BackupState now)
    {
        foreach (var alarm in now.Alarms(Clock.UtcNow))
        {
            var reason = alarm switch
            {
                BackupAlarm.Behind => now.Stream?.Message,
                BackupAlarm.Away => $"{L["fault." + now.AwayFault]} {AwayMessage(now)}".Trim(),
                BackupAlarm.Gap => now.Stream?.Missing,
                BackupAlarm.DrillFailed => now.Drill?.Message,
                _ => null,
            };
            yield return (L[$"alarm.{alarm}"], reason is null ? L[$"alarm.{alarm}.why"] : $"{L[$"alarm.{alarm}.why"]} ({reason})");
        }

        if (now.Failed is { } failed) yield return (L["alarm.Failed", At(failed.FinishedAt)], failed.Message ?? "");
    }

    /// <summary>The sentence for who runs the machine.</summary>
    private static string? AwayMessage(BackupState now) =>
        now.Last is { OffSite: OffSiteCopy.Failed } last ? last.Message : now.Stream?.Message;

    private async Task<Page<BackupRow>> LoadAsync(ListQuery query, CancellationToken ct) =>
        await Service.ListAsync(query, await Me.GetAsync(ct), ct);

    private async Task RefreshAsync()
    {
        var user = await Me.GetAsync();
        state = await Service.StateAsync(user, default);
        tables = await Service.DrilledAsync(user, default);
        if (list is not null) await list.RefreshAsync();
    }

    private async Task AskAsync()
    {
        var result = await Service.AskAsync(await Me.GetAsync(), default);
        Toasts.Show(result.Ok ? L["asked"].Value : result.Error!.Explain(S, L), result.Ok ? Tone.Ok : Tone.Bad);
        await RefreshAsync();
    }

    private string At(DateTime utc) => Formats.DateAndTime(Clock.ToWall(utc));

    private static string Moment(BackupRow set, DateTime until) =>
        $"./run restore {set.Path} --to {until:yyyy-MM-ddTHH:mm:ss}Z --into portal_copy{Secret(set)}";

    private static string Secret(BackupRow set) => set.Encrypted ? " --identity FILE" : "";

    private static string Size(long bytes) => bytes >= 100 * 1024
        ? $"{Formats.Number(bytes / 1048576m, 1)} MB"
        : $"{Formats.Number(bytes / 1024m, 1)} kB";
}
