using Portal.Data.Operations;

namespace Portal.Data.Surveys;

/// <summary>Opens surveys on their day, every five minutes, and counts the anonymous ones whose time is over.</summary>
public sealed class SurveyOpening(SurveyDesk desk, SurveyCount count) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("survey_opening");

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        await desk.OpenDueAsync(ct);
        await count.CountClosedAsync(ct);
    }
}
