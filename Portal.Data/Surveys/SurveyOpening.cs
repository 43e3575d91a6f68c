using Portal.Data.Operations;

namespace Portal.Data.Surveys;

/// <summary>Opens surveys on their day, every five minutes.</summary>
public sealed class SurveyOpening(SurveyDesk desk) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("survey_opening");

    public override Task RunAsync(DateOnly day, CancellationToken ct) => desk.OpenDueAsync(ct);
}
