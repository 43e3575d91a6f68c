using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Ledger;

internal sealed class LedgerArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<LedgerService>()
        .AddScoped<LedgerDesk>()
        .AddScoped<LedgerClosing>()
        .AddScoped<LedgerAccounts>()
        .AddNightlyJob<LedgerProofJob>(LedgerProofJob.JobKind, LedgerProofJob.At);
}
