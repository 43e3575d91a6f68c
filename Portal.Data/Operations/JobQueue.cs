using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Data.Database;

namespace Portal.Data.Operations;

/// <summary>Does the work of one kind of job. It may be run again after a failure, so what it does must bear that.</summary>
public interface IJobHandler
{
    string Kind { get; }

    /// <summary>How often it is tried before it is given up. The pause between two doubles from 10 s up to an hour.</summary>
    int MostAttempts => JobRunner.MostAttempts;

    /// <summary>Beside which others it runs: within a lane one job follows the other.</summary>
    JobLane Lane => JobLane.Own;

    /// <summary>How long one run may take. Then it is ended, and that was a failed attempt: a job that hangs holds up its lane no longer.</summary>
    TimeSpan Longest => JobRunner.LongestOf(Lane);

    /// <param name="payload">As it stands in the row: JSON.</param>
    /// <param name="ct">The portal stops, another portal has the job, or it took too long.</param>
    Task RunAsync(string payload, CancellationToken ct);
}

/// <summary>Jobs that do not stand in each other's way.</summary>
public enum JobLane
{
    /// <summary>What the portal does by itself.</summary>
    Own,

    /// <summary>It waits for a machine that is not ours and may take its time.</summary>
    Outside,

    /// <summary>As <see cref="Outside"/>, and somebody waits for it now.</summary>
    Prompt,

    /// <summary>
    /// As <see cref="Outside"/>, where the machines are strangers': one that hangs holds up nothing of ours. Several run at once, and those
    /// of one stranger one after the other (<c>serial_key</c>).
    /// </summary>
    Partners,

    /// <summary>It takes as long as there is data: nothing is to wait for it.</summary>
    Long,
}

/// <summary>A kind of job, by its name in the table, and what a job of it carries.</summary>
public sealed record JobKind<TPayload>(string Name);

/// <summary>An <see cref="IJobHandler"/> that gets what was put into the queue as it was put there.</summary>
public abstract class JobHandler<TPayload>(JobKind<TPayload> kind) : IJobHandler
{
    public string Kind => kind.Name;

    public virtual int MostAttempts => JobRunner.MostAttempts;

    public virtual JobLane Lane => JobLane.Own;

    public virtual TimeSpan Longest => JobRunner.LongestOf(Lane);

    public abstract Task RunAsync(TPayload payload, CancellationToken ct);

    Task IJobHandler.RunAsync(string payload, CancellationToken ct) => RunAsync(
        JsonSerializer.Deserialize<TPayload>(payload)
            ?? throw new InvalidOperationException($"A job of kind '{Kind}' carries nothing, and {typeof(TPayload).Name} is needed."),
        ct);
}

/// <summary>
/// The work was left, for a reason that no further attempt cures: the job is done, and the reason stands with it as its last error.
/// </summary>
/// <param name="reason">A word of <c>note.*</c> on the page of operations.</param>
public sealed class WorkLeftException(string reason) : Exception(reason);

/// <summary>Puts work into the queue, inside the write that asks for it: no write, no work.</summary>
public static class JobQueue
{
    /// <param name="db">The write that asks for it.</param>
    /// <param name="kind">Names the <see cref="IJobHandler"/>.</param>
    /// <param name="payload">Serialised as JSON.</param>
    /// <param name="runAt">Not before this instant (UTC).</param>
    /// <param name="uniqueKey">A second job with the same key is not added.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="serialKey">Jobs that have the same run one after the other, in whichever portal: 64 characters at most.</param>
    public static Task AddAsync<T>(
        PortalDb db, JobKind<T> kind, T payload, DateTime runAt, string? uniqueKey, CancellationToken ct, string? serialKey = null) =>
        db.Database.ExecuteSqlAsync(Insert(kind, payload, runAt, uniqueKey, serialKey), ct);

    /// <summary>The row, for <see cref="PortalDb.AlsoSave"/>: it goes to the server with what it belongs to.</summary>
    internal static FormattableString Insert<T>(JobKind<T> kind, T payload, DateTime runAt, string? uniqueKey, string? serialKey = null) =>
        $"""
        INSERT INTO jobs (kind, payload, run_at, unique_key, serial_key)
        VALUES ({kind.Name}, {JsonSerializer.Serialize(payload)}, {runAt}, {uniqueKey}, {serialKey})
        ON DUPLICATE KEY UPDATE id = id
        """;
}

/// <summary>
/// Takes due jobs one after the other, beside them those that wait for the outside. A job is taken by an UPDATE of its row, if it is as it
/// was read, that writes a lease: each is run by one portal, and a portal that dies leaves a lease that runs out, and another takes the
/// job. A failure is tried again after 10 s, 20 s, 40 s ... and given up after the eighth time, or when its handler says. A kind that this
/// portal does not know is left to one of a newer version.
/// </summary>
public sealed class JobRunner(IServiceScopeFactory scopes, PortalStore store, TimeProvider time, ILogger<JobRunner> logger)
    : BackgroundService
{
    public const int MostAttempts = 8;

    /// <summary>After its time a job is asked to end; who does not hear it for so long is left behind, and what it writes is not saved.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>As long the end of a job may take to be written down while the portal stops.</summary>
    private static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var scope = scopes.CreateScope();
        var lanes = scope.ServiceProvider.GetServices<IJobHandler>().ToLookup(h => h.Lane, h => h.Kind);
        await Task.WhenAll(lanes.SelectMany(kinds =>
            Enumerable.Range(0, PlacesOf(kinds.Key)).Select(_ => WorkAsync(string.Join(',', kinds), stoppingToken))));
    }

    /// <summary>How many jobs of a lane run at once in this portal.</summary>
    private static int PlacesOf(JobLane lane) => lane == JobLane.Partners ? 4 : 1;

    internal static TimeSpan LongestOf(JobLane lane) => lane == JobLane.Long ? TimeSpan.FromHours(12) : TimeSpan.FromMinutes(15);

    /// <param name="kinds">Of which jobs one follows the other, with commas.</param>
    private async Task WorkAsync(string kinds, CancellationToken stoppingToken)
    {
        PoolQueue.NeverTurnAway();
        while (!stoppingToken.IsCancellationRequested)
        {
            var worked = false;
            try
            {
                worked = await RunNextAsync(kinds, stoppingToken);
            }
            catch (Exception exception) when (Outages.Of(exception) is not null)
            {
                // The watch has said so, once.
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogWarning(exception, "The job queue could not be read; it goes on trying");
            }

            if (!worked) await Task.Delay(Pause, time, stoppingToken);
        }
    }

    /// <summary>Takes one due job, of whatever kind, and runs it.</summary>
    /// <returns>False where none was due.</returns>
    public Task<bool> RunNextAsync(CancellationToken ct)
    {
        using var scope = scopes.CreateScope();
        return RunNextAsync(string.Join(',', scope.ServiceProvider.GetServices<IJobHandler>().Select(h => h.Kind)), ct);
    }

    private async Task<bool> RunNextAsync(string kinds, CancellationToken ct)
    {
        var lease = Guid.NewGuid().ToString();
        if (await TakeAsync(kinds, lease, ct) is not { } job) return false;

        var scope = scopes.CreateScope();
        var running = Task.CompletedTask;
        try
        {
            var handler = scope.ServiceProvider.GetServices<IJobHandler>().First(h => h.Kind == job.Kind);
            await RunAsync(job, handler, lease, work => running = work, ct);
            return true;
        }
        finally
        {
            // Who was left behind still holds what the scope made.
            if (running.IsCompleted) scope.Dispose();
            else _ = running.ContinueWith(_ => scope.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <param name="began">Is told the work itself, which may outlast this.</param>
    private async Task RunAsync(Job job, IJobHandler handler, string lease, Action<Task> began, CancellationToken ct)
    {
        var most = handler.MostAttempts;
        if (job.Attempts > most)
        {
            logger.LogError("Job {Id} ({Kind}) is given up: each portal that took it ended before the job did", job.Id, job.Kind);
            await FinishAsync(job, lease, job.LastError ?? "Each portal that took it ended before the job did.", null, most, ct);
            return;
        }

        using var late = new CancellationTokenSource(handler.Longest, time);
        using var taken = new CancellationTokenSource();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token, taken.Token);
        using var renewed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var renewal = RenewAsync(job.Id, lease, taken, renewed.Token);
        string? error = null, left = null;
        var (kept, stopped) = (true, false);
        var start = Stopwatch.GetTimestamp();

        // Not a part of whatever made this portal look for work.
        Activity.Current = null;
        using var activity = PortalTelemetry.Source.StartActivity("job " + job.Kind);
        activity?.SetTag("portal.job", job.Id);
        try
        {
            JobLease.Current = new JobLease(job.Id, lease);

            // On a thread of its own: one that stands still without waiting must not hold this one.
            var work = Task.Run(() => handler.RunAsync(job.Payload, end.Token), CancellationToken.None);
            began(work);
            if (await Task.WhenAny(work, GraceAsync(end.Token)) != work) throw new TimeoutException("It did not hear that it was to end.");
            await work;
        }
        catch (WorkLeftException leaving)
        {
            left = leaving.Message;
        }
        catch (Exception exception) when (exception is LeaseLostException || (taken.IsCancellationRequested && !ct.IsCancellationRequested))
        {
            logger.LogWarning("Job {Id} ({Kind}) was taken over by another portal; this one stops it", job.Id, job.Kind);
            kept = false;
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException && ct.IsCancellationRequested)
        {
            stopped = true;
        }
        catch (Exception exception)
        {
            // What the server says of a row quotes what is in it.
            error = late.IsCancellationRequested
                ? string.Create(CultureInfo.InvariantCulture, $"It took longer than {handler.Longest.TotalMinutes:0.#} minutes and was ended.")
                : SafeText.Of(exception);
            logger.LogError("Job {Id} ({Kind}) failed at attempt {Attempt}: {Error}", job.Id, job.Kind, job.Attempts, error);
        }
        finally
        {
            JobLease.Current = null;
            await renewed.CancelAsync();
            await renewal;
        }

        if (error is not null) activity?.SetStatus(ActivityStatusCode.Error);
        if (kept && !stopped)
        {
            PortalTelemetry.Ran(
                job.Kind, error is not null ? "failed" : left is not null ? "left" : "done", Stopwatch.GetElapsedTime(start));
        }

        // The portal may be stopping: what was done is written down all the same, or it would be done twice.
        using var limit = new CancellationTokenSource();
        await using var stopping = ct.Register(() => limit.CancelAfter(FinishLimit));
        if (stopped) await HandBackAsync(job, lease, limit.Token);
        else if (kept) await FinishAsync(job, lease, error, left, most, limit.Token);
    }

    /// <summary>Ends so long after the work was asked to end.</summary>
    private async Task GraceAsync(CancellationToken end)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (end.Register(asked.SetResult)) await asked.Task;
        await Task.Delay(Grace, time, CancellationToken.None);
    }

    /// <summary>The portal stops in the middle of it: another goes on at once, and this was no attempt.</summary>
    private async Task HandBackAsync(Job job, string lease, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        await db.Jobs.Where(j => j.Id == job.Id && j.LeaseOwner == lease).ExecuteUpdateAsync(
            set => set.SetProperty(j => j.State, JobState.Waiting).SetProperty(j => j.Attempts, j => j.Attempts - 1)
                .SetProperty(j => j.LeaseOwner, (string?)null).SetProperty(j => j.LeaseUntil, (DateTime?)null), ct);
    }

    private async Task<Job?> TakeAsync(string kinds, string lease, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        while (true)
        {
            var now = time.GetUtcNow().UtcDateTime;
            // Read without a lock and taken by its id: runners that look at the same rows wait for nobody and cannot end in a deadlock.
            var due = await db.Jobs.FromSql(
                $"""
                (SELECT * FROM jobs AS j WHERE state = 'waiting' AND run_at <= {now}
                    AND FIND_IN_SET(kind, {kinds}) > 0
                    AND (serial_key IS NULL OR NOT EXISTS (
                        SELECT 1 FROM jobs AS other WHERE other.state = 'running' AND other.serial_key = j.serial_key
                            AND other.lease_until >= UTC_TIMESTAMP()))
                    ORDER BY run_at, id LIMIT 1)
                UNION ALL
                (SELECT * FROM jobs WHERE state = 'running' AND lease_until < UTC_TIMESTAMP()
                    AND FIND_IN_SET(kind, {kinds}) > 0 ORDER BY run_at, id LIMIT 1)
                """).AsNoTracking().ToListAsync(ct);
            if (due is not [var job, ..]) return null;
            var state = job.State == JobState.Running ? "running" : "waiting";
            var taken = await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE jobs SET state = 'running', lease_owner = {lease}, attempts = attempts + 1,
                    lease_until = UTC_TIMESTAMP() + INTERVAL {(int)Lease.TotalSeconds} SECOND
                WHERE id = {job.Id} AND state = {state} AND lease_owner <=> {job.LeaseOwner}
                """, ct);
            job.Attempts++;
            if (taken != 1) continue;
            if (job.SerialKey is not { } key) return job;

            // Two that looked at the same moment may each have taken one: then both let go, and the next to look has it.
            try
            {
                var others = await db.Jobs.FromSql(
                    $"""
                    SELECT * FROM jobs WHERE state = 'running' AND serial_key = {key} AND id <> {job.Id} AND lease_until >= UTC_TIMESTAMP()
                    """).CountAsync(ct);
                if (others == 0) return job;
            }
            catch
            {
                // A portal that stops here must not shut the others out until the lease is over.
                await HandBackAsync(job, lease, CancellationToken.None);
                throw;
            }

            await HandBackAsync(job, lease, ct);
            return null;
        }
    }

    private async Task RenewAsync(long id, string lease, CancellationTokenSource taken, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await Task.Delay(Lease / 4, time, ct);
                await using var db = await store.OpenAsync(CurrentUser.System, ct);
                var renewed = await db.Database.ExecuteSqlAsync(
                    $"""
                    UPDATE jobs SET lease_until = UTC_TIMESTAMP() + INTERVAL {(int)Lease.TotalSeconds} SECOND
                    WHERE id = {id} AND lease_owner = {lease}
                    """, ct);
                if (renewed > 0) continue;
                await taken.CancelAsync();
                return;
            }
            catch (OperationCanceledException)
            {
                // The job is done, or the portal stops: either way the lease needs no more renewing.
                return;
            }
            catch (Exception exception)
            {
                // The database is away, or a write of the job holds the row: meanwhile nobody takes it.
                if (Outages.Of(exception) is null)
                    logger.LogWarning(exception, "The lease of job {Id} could not be renewed; it is tried again", id);
            }
        }
    }

    private async Task FinishAsync(Job job, string lease, string? error, string? left, int most, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var (state, runAt) = error is null ? (JobState.Done, job.RunAt)
            : job.Attempts >= most ? (JobState.Failed, job.RunAt)
            : (JobState.Waiting, now + Pausing(job.Attempts));
        var last = error is { Length: > 1000 } ? error[..1000] : error ?? left;
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        await db.Jobs.Where(j => j.Id == job.Id && j.LeaseOwner == lease).ExecuteUpdateAsync(
            set => set.SetProperty(j => j.State, state).SetProperty(j => j.RunAt, runAt).SetProperty(j => j.LastError, last)
                .SetProperty(j => j.LeaseOwner, (string?)null).SetProperty(j => j.LeaseUntil, (DateTime?)null)
                .SetProperty(j => j.FinishedAt, state == JobState.Waiting ? null : (DateTime?)now), ct);
    }

    private static TimeSpan Pausing(int attempts) =>
        attempts < 12 && TimeSpan.FromSeconds(5 * Math.Pow(2, attempts)) is var pause && pause < LongestPause ? pause : LongestPause;
}
