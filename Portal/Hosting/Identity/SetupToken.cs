using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>Prints the token for the first administrator when the portal starts and there is none.</summary>
internal sealed class SetupToken(SetupService setup, ILogger<SetupToken> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await setup.PrepareAsync(cancellationToken) is { } token)
        {
            logger.LogWarning(
                "No administrator can sign in yet. Open /setup and use this token, good until the portal stops: {Token}",
                token
            );
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
