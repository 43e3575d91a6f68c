using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.OnlinePayments;

internal sealed class OnlineArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<OnlineService>()
        .AddScoped<OnlineDesk>()
        .AddFrequentJob<AskGateway>(AskGateway.JobKind, TimeSpan.FromMinutes(15));
}

/// <summary>Asks the gateway about what it has said nothing of: an event that is lost loses no payment.</summary>
internal sealed class AskGateway(OnlineDesk desk) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("ask_gateway");

    public override JobLane Lane => JobLane.Outside;

    public override Task RunAsync(DateOnly day, CancellationToken ct) => desk.AskAllAsync(ct);
}
