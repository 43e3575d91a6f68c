using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Operations;
using Portal.Data.Pqrs;
using Portal.Documents;
using Portal.Resources;
using Paper = Portal.Documents;

namespace Portal.Areas.Pqrs;

/// <summary>Puts a case into the words of its papers: the report and the filing proof.</summary>
public sealed class PqrsPapers(SettingsService settings, BuildingClock clock, IStringLocalizer<PqrsWords> l)
{
    /// <summary>The report as this reader may have it; notes only where they see them and asked for them.</summary>
    public async Task<byte[]> ReportAsync(PqrsDetail it, bool notes, string host, CancellationToken ct)
    {
        var building = await settings.GetAsync(ct);
        var model = new PqrsReportModel(
            BuildingPaper.Header(building), Case(it), l.Word(it.State), Tone(it), it.Handles ? l.Word(it.Priority) : null,
            it.Assignee?.Name, it.ResolvedAt, it.ClosedAt, it.ReopenedCount, it.Rating,
            it.Clock is { } running ? await ClockAsync(it, running, ct) : null, Timeline(it, notes), notes, Verify(building, host, it),
            BuildingPaper.Stamp(building, clock));
        return PqrsReportDocument.Render(model, CultureInfo.CurrentUICulture);
    }

    /// <summary>Null where the case has no deadline: there is nothing to prove then.</summary>
    public async Task<byte[]?> ProofAsync(PqrsDetail it, string host, CancellationToken ct)
    {
        if (it.FiledAt is not { } filed) return null;
        var building = await settings.GetAsync(ct);
        // The day promised at filing, whatever happened since.
        var given = PqrsDays.For(it.Kind, building);
        var due = BusinessDays.Deadline(DateOnly.FromDateTime(filed), given, []);
        return PqrsFilingProofDocument.Render(
            new PqrsFilingProofModel(
                BuildingPaper.Header(building), Case(it), due, given, Verify(building, host, it), BuildingPaper.Stamp(building, clock)),
            CultureInfo.CurrentUICulture
        );
    }

    /// <summary>The letter of an extension; null where the entry is none of this case's.</summary>
    public async Task<byte[]?> ExtensionAsync(PqrsDetail it, long entry, string host, CancellationToken ct)
    {
        var at = it.Entries.ToList().FindIndex(e => e.Id == entry && e is { Kind: Data.Pqrs.PqrsEntryKind.Deadline, DueOn: not null });
        if (at < 0) return null;
        var building = await settings.GetAsync(ct);
        var told = it.Entries[at];
        var lawful = PqrsDays.For(it.Kind, building);
        var given = it.Clock?.Given ?? lawful;
        return PqrsExtensionDocument.Render(
            new PqrsExtensionModel(
                BuildingPaper.Header(building), Case(it), it.Entries.Take(at).LastOrDefault(e => e.LastDay is not null)?.LastDay,
                told.DueOn!.Value, given, 2 * lawful, told.Text ?? "", told.At ?? clock.Now, told.Author.Name, Verify(building, host, it),
                BuildingPaper.Stamp(building, clock)),
            CultureInfo.CurrentUICulture);
    }

    /// <summary>The report of a period.</summary>
    public async Task<byte[]> PeriodAsync(PqrsPeriodReport report, CancellationToken ct)
    {
        var building = await settings.GetAsync(ct);
        return PqrsPeriodDocument.Render(
            new PqrsPeriodModel(
                BuildingPaper.Header(building), report,
                name => l.Word(Enum.TryParse<PqrsKind>(name, out var kind) ? kind : (PqrsKind?)null), name => l.Category(name),
                BuildingPaper.Stamp(building, clock)),
            CultureInfo.CurrentUICulture);
    }

    private Paper.PqrsCase Case(PqrsDetail it)
    {
        var filed = it.Entries.FirstOrDefault(e => e.Kind == Data.Pqrs.PqrsEntryKind.Filed);
        return new Paper.PqrsCase(
            it.Number, it.Title, it.Petitioner.Name, l[it.PetitionerIsTenant ? "role.tenant" : "role.owner"],
            it.Apartment is null ? null : l.Place(it.Apartment), l.Word(it.Kind), l.Category(it.Category), l.Word(it.Channel),
            it.FiledAt ?? clock.Now, filed?.Text ?? it.Title, Names(filed));
    }

    private async Task<Paper.PqrsClock> ClockAsync(PqrsDetail it, Data.Pqrs.PqrsClock running, CancellationToken ct)
    {
        var extended = Math.Max(0, running.Given - PqrsDays.For(it.Kind, await settings.GetAsync(ct)));
        bool? onTime = running.State == ClockState.Stopped ? !running.Late : null;
        return new Paper.PqrsClock(
            running.Given, running.Used, running.DueOn, extended, TimeSpan.FromDays(running.HeldDays), onTime,
            [.. running.Days.Select(Day).OfType<PqrsDay>()]);
    }

    private static PqrsDay? Day(ClockDay day) => day.Kind switch
    {
        ClockDayKind.Counted or ClockDayKind.Late => new PqrsDay(day.Date, PqrsDayKind.Counted),
        ClockDayKind.Held => new PqrsDay(day.Date, PqrsDayKind.Paused),
        ClockDayKind.Holiday => new PqrsDay(day.Date, PqrsDayKind.Holiday),
        ClockDayKind.Left => new PqrsDay(day.Date, PqrsDayKind.Ahead),
        _ => null,
    };

    private List<Paper.PqrsEntry> Timeline(PqrsDetail it, bool notes)
    {
        var entries = new List<Paper.PqrsEntry>();
        foreach (var entry in it.Entries.Where(e => e.Kind != Data.Pqrs.PqrsEntryKind.Filed && (notes || !e.Internal)))
        {
            var at = entry.At ?? it.FiledAt ?? clock.Now;
            var kind = entry.Kind switch
            {
                Data.Pqrs.PqrsEntryKind.Message => Paper.PqrsEntryKind.Message,
                Data.Pqrs.PqrsEntryKind.Reply => Paper.PqrsEntryKind.Reply,
                Data.Pqrs.PqrsEntryKind.Note => Paper.PqrsEntryKind.Note,
                _ => Paper.PqrsEntryKind.Event,
            };
            var role = entry.ByPetitioner ? l[it.PetitionerIsTenant ? "role.tenant" : "role.owner"].Value : l["role.office"];
            var text = kind == Paper.PqrsEntryKind.Event ? PqrsStory.Line(l, entry) : entry.Text ?? "";
            entries.Add(new Paper.PqrsEntry(at, entry.Author.Name, role, kind, text, Names(entry)));
            if (PqrsStory.Consequence(l, entry) is { } then)
                entries.Add(new Paper.PqrsEntry(at, entry.Author.Name, role, Paper.PqrsEntryKind.Event, then, []));
        }

        return entries;
    }

    private static List<string> Names(Data.Pqrs.PqrsEntry? entry) => [.. (entry?.Files ?? []).Select(f => f.Name)];

    private static DocumentTone Tone(PqrsDetail it) => PqrsLook.ToneOf(it.State) switch
    {
        _ when it.Clock is { Late: true } && it.State is PqrsState.Open or PqrsState.InProgress => DocumentTone.Bad,
        Components.Shared.Tone.Info => DocumentTone.Info,
        Components.Shared.Tone.Warn => DocumentTone.Warning,
        Components.Shared.Tone.Ok => DocumentTone.Good,
        _ => DocumentTone.Neutral,
    };

    private static Verification Verify(BuildingSettings building, string host, PqrsDetail it) =>
        BuildingPaper.Verification(building, host, it.VerificationCode ?? it.Number);
}
