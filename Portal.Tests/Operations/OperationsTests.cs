using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Operations;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Operations;

/// <summary>What the administration sees of the machinery.</summary>
public sealed class OperationsTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new CommunityMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task Only_a_failed_job_goes_back_into_the_queue_and_the_log_says_who_sent_it()
    {
        var service = _world.Get<OperationsService>();
        var admin = _world.As(Who.Admin);
        var job = Assert.Single(
            (await service.JobsAsync(new ListQuery(Filters: new Dictionary<string, string> { ["state"] = "failed" }), admin, default)).Rows
        );
        Assert.True((await service.RetryAsync(job.Id, admin, default)).Ok);
        Assert.Equal("job.not_failed", (await service.RetryAsync(job.Id, admin, default)).Error!.Code);
        var state = await service.StateAsync(admin, default);
        Assert.Equal(1, state!.Jobs[JobState.Waiting]);
        Assert.Equal((0, 0, 0, false), (state.FailedJobs, state.LateJobs, state.UnsentMails, state.SchemaHalf));
        await database.ExecuteAsync($"""
            UPDATE jobs SET run_at = '2020-01-01 00:00:00' WHERE id = {job.Id};
            INSERT INTO jobs (kind, payload, state, last_error) VALUES ('mail', '1', 'done', 'mail_off'), ('mail', '2', 'done', NULL)
            """);
        state = (await service.StateAsync(admin, default))!;
        Assert.Equal((1, 1), (state.LateJobs, state.UnsentMails));
        Assert.True(state.DatabaseBytes > 0);
        Assert.Contains(state.Schema, s => s.FileName.StartsWith("0001_", StringComparison.Ordinal));
        Assert.Contains(
            (await _world.Get<AuditService>().ListAsync(new(), admin, default)).Rows,
            r => r is { Action: "job_retried", Table: "jobs" }
        );
    }
}
