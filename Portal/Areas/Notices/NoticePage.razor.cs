using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Areas.Pqrs;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Notices;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Notices;

/// <summary>Where a notice is written, or corrected. Whom it will reach is counted while one chooses.</summary>
public sealed partial class NoticePage
{
    /// <summary>A notice that ends on a day is up all that day long.</summary>
    private static readonly TimeOnly Evening = new(23, 59);

    private Input input = new();
    private NoticeInput? read;
    private NoticeEdit? edit;
    private NoticeAudiences audiences = new([], []);
    private NoticeReach? reach;
    private FormSummary? summary;
    private string? wrong;
    private readonly HashSet<long> removed = [];
    private FilePicker? picker;
    private bool saving, preview;

    /// <summary>Files that are there and stay.</summary>
    private IReadOnlyList<NoticeFileRow> Kept => [.. (edit?.Files ?? []).Where(f => !removed.Contains(f.Id))];

    [Inject] private NoticeService Service { get; set; } = null!;

    [Inject] private BuildingClock Clock { get; set; } = null!;

    [Inject] private NavigationManager Nav { get; set; } = null!;

    [Inject] private Toasts Toasts { get; set; } = null!;

    [Inject] private Me Me { get; set; } = null!;

    [Inject] private IStringLocalizer<NoticeWords> L { get; set; } = null!;

    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    /// <summary>What is changed; null for a new one.</summary>
    [Parameter] public long? Id { get; set; }

    private string Title => L[Id is null ? "new" : edit?.Delivered == true ? "correct" : "edit"];

    private bool Later => input.PublishAt is { } day && day.ToDateTime(input.PublishTime ?? TimeOnly.MinValue) > Clock.Now;

    private string SendWords => L[Later ? "send.later" : "send.now", Formats.Number(reach?.Reached ?? 0)];

    protected override async Task OnInitializedAsync()
    {
        // Before anything is waited for: what somebody types meanwhile stays.
        if (Id is null) input = new Input { PublishAt = Clock.Today, PublishTime = TimeOnly.FromDateTime(Clock.Now), ExpiresTime = Evening };
        var user = await Me.GetAsync();
        audiences = await Service.AudiencesAsync(user, default) ?? audiences;
        if (Id is { } id)
        {
            if (await Service.EditAsync(id, user, default) is not { } found)
            {
                Nav.NotFound();
                return;
            }

            (edit, input) = (found, Input.Of(found.Input));
        }

        read = Id is null ? null : Typed();
        await CountAsync();
    }

    private NoticeInput Typed() => new(
        input.Title, input.Body, NoticeAudience.Write(input.Towers), NoticeAudience.Write(input.Roles), input.Units, input.Residents,
        input.Urgent, (input.PublishAt ?? Clock.Today).ToDateTime(input.PublishTime ?? TimeOnly.MinValue),
        input.ExpiresAt?.ToDateTime(input.ExpiresTime ?? Evening));

    private async Task CountAsync()
    {
        var counted = await Service.ReachAsync(Typed(), await Me.GetAsync(), default);
        reach = counted is { Ok: true } ? counted.Value : null;
        wrong = counted?.Error?.Explain(S, L);
    }

    /// <summary>All of them are written as none: one that is added later belongs to all.</summary>
    private Task PickAsync(HashSet<long> chosen, int id, IReadOnlyList<(int Id, string Name)> all)
    {
        if (chosen.Count == 0) chosen.UnionWith(all.Select(one => (long)one.Id));
        if (!chosen.Remove(id)) chosen.Add(id);
        if (chosen.Count == all.Count) chosen.Clear();
        return CountAsync();
    }

    private Task ResidentsAsync(NoticeResidents residents)
    {
        input.Residents = residents;
        return CountAsync();
    }

    private Task UnitsAsync(string? units)
    {
        input.Units = units ?? "";
        return CountAsync();
    }

    private Task UrgentAsync(bool urgent)
    {
        input.Urgent = urgent;
        return CountAsync();
    }

    private async Task SaveAsync()
    {
        if (saving) return;
        saving = true;
        try
        {
            if (picker is { Busy: true })
            {
                summary?.Show([new Error("pqrs.files.reading")]);
                return;
            }

            var files = new NoticeFileChange(picker?.Uploads ?? [], [.. removed]);
            var result = await Service.SaveAsync(Id, Typed() with { Read = read, Files = files }, await Me.GetAsync(), default);
            if (!result.Ok)
            {
                summary?.Show(result.Errors);
                read = Edits.Seen(read, result);
                return;
            }

            Toasts.Show(L[Later ? "saved.later" : "saved"], Tone.Ok);
            Nav.NavigateTo("/notices");
        }
        finally
        {
            saving = false;
        }
    }

    private string RoleName(string name) =>
        L["role." + name.ToLowerInvariant()] is { ResourceNotFound: false } words ? words : name;

    private sealed class Input
    {
        public string Title { get; set; } = "";
        public string Body { get; set; } = "";
        public HashSet<long> Towers { get; private init; } = [];
        public HashSet<long> Roles { get; private init; } = [];
        public string Units { get; set; } = "";
        public NoticeResidents Residents { get; set; }
        public bool Urgent { get; set; }
        public DateOnly? PublishAt { get; set; }
        public TimeOnly? PublishTime { get; set; }
        public DateOnly? ExpiresAt { get; set; }
        public TimeOnly? ExpiresTime { get; set; } = Evening;

        public static Input Of(NoticeInput n) => new()
        {
            Title = n.Title, Body = n.Body, Towers = [.. NoticeAudience.Read(n.Towers)], Roles = [.. NoticeAudience.Read(n.Roles)],
            Units = n.Units, Residents = n.Residents, Urgent = n.Urgent, PublishAt = DateOnly.FromDateTime(n.PublishAt),
            PublishTime = TimeOnly.FromDateTime(n.PublishAt), ExpiresAt = n.ExpiresAt is { } day ? DateOnly.FromDateTime(day) : null,
            ExpiresTime = n.ExpiresAt is { } hour ? TimeOnly.FromDateTime(hour) : Evening,
        };
    }
}
