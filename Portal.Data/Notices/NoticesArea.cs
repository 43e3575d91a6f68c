using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Notices;

internal sealed class NoticesArea : DataArea
{
    public override void Register(IServiceCollection services) => services.AddScoped<NoticeService>();
}
