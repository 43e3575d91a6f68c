using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;
using Portal.Data.Surveys;

namespace Portal.Areas.Surveys;

/// <summary>Writes a draft: what is asked, of whom, how and when. Whom it would reach is counted while one chooses.</summary>
public sealed partial class SurveyPanel
{
    private static readonly TimeOnly Morning = new(7, 0);
    private static readonly TimeOnly Evening = new(18, 0);

    private Input input = new();
    private IReadOnlyList<(int Id, string Name)> towers = [];
    private SurveyReach? reach;
    private FormSummary? summary;
    private bool saving, wasOpen;

    [Parameter] public bool Open { get; set; }

    [Parameter] public EventCallback<bool> OpenChanged { get; set; }

    /// <summary>Which one is written; null: a new one.</summary>
    [Parameter] public long? Id { get; set; }

    /// <summary>What it says now; null: a new one.</summary>
    [Parameter] public SurveyDraft? Draft { get; set; }

    [Parameter] public EventCallback<long> OnSaved { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        var opened = Open && !wasOpen;
        wasOpen = Open;
        if (!opened) return;
        input = Draft is { } draft ? Input.Of(draft) : new Input();
        towers = await Desk.TowersAsync(await Me.GetAsync(), default);
        await CountAsync();
    }

    private async Task CountAsync() =>
        reach = await Desk.ReachAsync(input.Audience, input.PerApartment, [.. input.Towers], await Me.GetAsync(), default);

    private Task PerAsync(bool perApartment)
    {
        input.PerApartment = perApartment;
        return CountAsync();
    }

    private Task AudienceAsync(SurveyAudience audience)
    {
        input.Audience = audience;
        return CountAsync();
    }

    /// <summary>All of them are written as none: a tower that is built later belongs to all.</summary>
    private Task TowerAsync(int id)
    {
        if (input.Towers.Count == 0) input.Towers.UnionWith(towers.Select(t => t.Id));
        if (!input.Towers.Remove(id)) input.Towers.Add(id);
        if (input.Towers.Count == towers.Count) input.Towers.Clear();
        return CountAsync();
    }

    private async Task SaveAsync()
    {
        saving = true;
        try
        {
            var result = await Desk.SaveAsync(Draft is null ? null : Id, input.Write(Draft?.Revision ?? 0), await Me.GetAsync(), default);
            if (!result.Ok)
            {
                summary?.Show(result.Errors);
                return;
            }

            Toasts.Show(L["saved.done"], Tone.Ok);
            await OpenChanged.InvokeAsync(false);
            await OnSaved.InvokeAsync(result.Value);
        }
        finally
        {
            saving = false;
        }
    }

    /// <summary>What a question may be, as the form names it.</summary>
    private enum Kind { YesNo, MultipleChoice, Several, Rating, Text }

    private sealed class Input
    {
        public string Title { get; set; } = "";
        public string? Description { get; set; }
        public bool PerApartment { get; set; } = true;
        public SurveyAudience Audience { get; set; }
        public HashSet<int> Towers { get; private init; } = [];
        public bool Anonymous { get; set; }
        public bool Weighted { get; set; }
        public DateOnly? OpensAt { get; set; }
        public TimeOnly? OpensTime { get; set; } = Morning;
        public DateOnly? ClosesAt { get; set; }
        public TimeOnly? ClosesTime { get; set; } = Evening;
        public List<Asked> Questions { get; private init; } = [new Asked()];

        public static Input Of(SurveyDraft draft) => new()
        {
            Title = draft.Title, Description = draft.Description, PerApartment = draft.PerApartment, Audience = draft.Audience,
            Towers = [.. draft.TowerIds], Anonymous = draft.Anonymous, Weighted = draft.Weighted, OpensAt = Day(draft.OpensAt),
            OpensTime = Hour(draft.OpensAt) ?? Morning, ClosesAt = Day(draft.ClosesAt), ClosesTime = Hour(draft.ClosesAt) ?? Evening,
            Questions =
            [
                .. draft.Questions.Select(q => new Asked
                {
                    Text = q.Text, Kind = q.Several ? Kind.Several : Enum.Parse<Kind>(q.Type.ToString()),
                    Options = string.Join('\n', q.Options), Required = q.Required,
                }),
            ],
        };

        public SurveyDraft Write(int revision) => new(
            Title, Description, Anonymous, PerApartment, Weighted, Audience, [.. Towers], OpensAt?.ToDateTime(OpensTime ?? Morning),
            ClosesAt?.ToDateTime(ClosesTime ?? Evening),
            [
                .. Questions.Select(q => new NewQuestion(
                    q.Text, q.Kind == Kind.Several ? QuestionType.MultipleChoice : Enum.Parse<QuestionType>(q.Kind.ToString()),
                    q.Kind == Kind.Several, q.Options.Split('\n'), q.Required)),
            ],
            revision);

        private static DateOnly? Day(DateTime? at) => at is { } known ? DateOnly.FromDateTime(known) : null;

        private static TimeOnly? Hour(DateTime? at) => at is { } known ? TimeOnly.FromDateTime(known) : null;
    }

    private sealed class Asked
    {
        public string Text { get; set; } = "";
        public Kind Kind { get; set; } = Kind.YesNo;
        public string Options { get; set; } = "";
        public bool Required { get; set; } = true;
    }
}
