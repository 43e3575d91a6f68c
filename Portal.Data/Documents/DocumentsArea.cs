using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Documents;

internal sealed class DocumentsArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<DocumentService>()
        .AddScoped<DocumentDesk>()
        .AddScoped<DocumentUploads>()
        .AddFrequentJob<DocumentIntake>(DocumentIntake.JobKind, TimeSpan.FromMinutes(15))
        .AddNightlyJob<SpentUploads>(SpentUploads.JobKind);
}
