using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Notifications;

namespace Portal.Data.Operations;

/// <summary>One job of the queue. Times are UTC.</summary>
public sealed record JobRow(
    long Id, string Kind, JobState State, int Attempts, DateTime RunAt, DateTime CreatedAt, DateTime? FinishedAt, string? LastError);

/// <param name="AppliedAt">UTC; null for one that was found applied in an adopted database or is unfinished.</param>
/// <param name="Adopted">Found applied when the database was taken over, not run by this portal.</param>
public sealed record SchemaStep(int Number, string FileName, bool Adopted, DateTime? AppliedAt);

/// <summary>The state of the machinery.</summary>
/// <param name="LateJobs">Due for more than <see cref="OperationsService.Patience"/> and not begun: nothing works the queue off.</param>
/// <param name="UnsentMails">Left because no mail is set up, of those that are still kept.</param>
/// <param name="DatabaseBytes">Data and indexes of the portal's schema, as the server estimates them.</param>
public sealed record OperationsState(
    string Server, long DatabaseBytes, int Tables, IReadOnlyDictionary<JobState, int> Jobs, int LateJobs, int UnsentMails,
    IReadOnlyList<SchemaStep> Schema)
{
    /// <summary>What the last nightly proof of the books found not to agree.</summary>
    public int LedgerFailures { get; init; }

    /// <summary>It was proven once, and not for longer than <see cref="OperationsService.ProofPatience"/>.</summary>
    public bool ProofLate { get; init; }

    public int FailedJobs => Jobs.GetValueOrDefault(JobState.Failed);

    /// <summary>A migration that was begun and not finished.</summary>
    public bool SchemaHalf => Schema.Any(step => !step.Adopted && step.AppliedAt is null);
}

/// <summary>Looks at background work and at the database. Needs <see cref="Permissions.OperationsView"/> throughout.</summary>
public sealed class OperationsService(PortalStore store, BuildingClock clock)
{
    /// <summary>How long a due job may wait before something is wrong.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>How long the books may go without their nightly proof before something is wrong.</summary>
    public static readonly TimeSpan ProofPatience = TimeSpan.FromDays(2);

    private const string StateSql = """
        SELECT VERSION();
        SELECT COUNT(*), COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables WHERE table_schema = DATABASE();
        SELECT state, COUNT(*), COALESCE(SUM(run_at < @late), 0), COALESCE(SUM(last_error = @off), 0) FROM jobs GROUP BY state;
        SELECT number, file_name, adopted, finished_at FROM schema_version ORDER BY number DESC;
        SELECT proof_failures, COALESCE(proven_at < @unproven, 0) FROM ledger_state WHERE id = 1
        """;

    /// <summary>Null out of reach.</summary>
    public async Task<OperationsState?> StateAsync(CurrentUser user, CancellationToken ct) =>
        !user.Can(Permissions.OperationsView)
            ? null
            : await store.BatchAsync(
                StateSql,
                new Dictionary<string, object?> { ["@late"] = clock.UtcNow - Patience, ["@off"] = MailJob.Off, ["@unproven"] = clock.UtcNow - ProofPatience },
                ReadAsync, ct);

    /// <summary>
    /// Failed first, then what is still to be done, then the latest. The filter <c>state</c> may hold several with commas; the search is
    /// for the kind or the error.
    /// </summary>
    public async Task<Page<JobRow>> JobsAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.OperationsView)) return Page<JobRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var jobs = db.Jobs.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text) jobs = jobs.Where(j => j.Kind.Contains(text) || j.LastError!.Contains(text));
        if (query.Filter("state") is { } given)
        {
            var states = given
                .Split(',')
                .Select(s => Enum.TryParse<JobState>(s, ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : (JobState?)null)
                .OfType<JobState>()
                .ToList();
            jobs = jobs.Where(j => states.Contains(j.State));
        }

        var ordered = (query.Sort, query.Descending) switch
        {
            ("run", false) => jobs.OrderBy(j => j.RunAt).ThenBy(j => j.Id),
            ("run", true) => jobs.OrderByDescending(j => j.RunAt).ThenByDescending(j => j.Id),
            _ => jobs.OrderBy(j => j.State != JobState.Failed).ThenBy(j => j.State == JobState.Done).ThenByDescending(j => j.Id),
        };
        return await ordered
            .Select(j => new JobRow(j.Id, j.Kind, j.State, j.Attempts, j.RunAt, j.CreatedAt, j.FinishedAt, j.LastError))
            .PageAsync(query, ct);
    }

    /// <summary>Puts a job that was given up back into the queue, with all its attempts.</summary>
    public async Task<Result> RetryAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.OperationsView)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Jobs.Where(j => j.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } job)
                    return Error.NotFound;
                if (job.State != JobState.Failed) return new Error("job.not_failed");
                (job.State, job.RunAt, job.Attempts, job.FinishedAt) = (JobState.Waiting, clock.UtcNow, 0, null);
                await db.WriteEventAsync("job_retried", "jobs", id, new { job.Kind }, token);
                return Result.Done;
            },
            ct
        );
    }

    private static async Task<OperationsState> ReadAsync(DbDataReader reader, CancellationToken ct)
    {
        await reader.ReadAsync(ct);
        var server = reader.GetString(0);
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        var (tables, bytes) = (Number(reader, 0), Number(reader, 1));
        await reader.NextResultAsync(ct);
        var jobs = new Dictionary<JobState, int>();
        var (late, unsent) = (0, 0);
        while (await reader.ReadAsync(ct))
        {
            var state = Enum.Parse<JobState>(reader.GetString(0), ignoreCase: true);
            jobs[state] = (int)Number(reader, 1);
            if (state == JobState.Waiting) late = (int)Number(reader, 2);
            if (state == JobState.Done) unsent = (int)Number(reader, 3);
        }

        await reader.NextResultAsync(ct);
        var schema = new List<SchemaStep>();
        while (await reader.ReadAsync(ct))
        {
            schema.Add(
                new SchemaStep(
                    (int)Number(reader, 0), reader.GetString(1), Number(reader, 2) != 0,
                    reader.IsDBNull(3) ? null : Convert.ToDateTime(reader.GetValue(3), CultureInfo.InvariantCulture))
            );
        }

        await reader.NextResultAsync(ct);
        var books = await reader.ReadAsync(ct);
        return new OperationsState(server, bytes, (int)tables, jobs, late, unsent, schema)
        {
            LedgerFailures = books ? (int)Number(reader, 0) : 0,
            ProofLate = books && Number(reader, 1) != 0,
        };
    }

    private static long Number(DbDataReader reader, int column) => Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);
}
