using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Data.Audit;
using Portal.Data.Database;
using Portal.Data.Operations;
using Portal.Data.Schema;

namespace Portal.Data;

/// <summary>Opens the database for somebody, and runs writes.</summary>
public sealed class PortalStore(IDbContextFactory<PortalDb> contexts, LiveFeed feed, DatabaseWatch watch, TimeProvider time,
    BuildingClock clock, StatementFigures statements)
{
    /// <summary>
    /// A context that reads (or writes within <see cref="PortalDb.SaveChangesAsync(bool, CancellationToken)"/>) on behalf of
    /// <paramref name="user"/>.
    /// </summary>
    /// <param name="user">On whose behalf.</param>
    /// <param name="member">With <paramref name="file"/> what asks, for what is measured; the compiler says it.</param>
    /// <param name="file">See <paramref name="member"/>.</param>
    public Task<PortalDb> OpenAsync(
        CurrentUser user, CancellationToken ct, [CallerMemberName] string member = "", [CallerFilePath] string file = "") =>
        OpenAsync(user, PortalTelemetry.Named(file, member), ct);

    private async Task<PortalDb> OpenAsync(CurrentUser user, string asker, CancellationToken ct) =>
        (await contexts.CreateDbContextAsync(ct)).For(user, time, clock, asker);

    /// <summary>As <see cref="OpenAsync"/>, for what is constructed and cannot wait (the stores of ASP.NET Identity).</summary>
    internal PortalDb Open(CurrentUser user) => contexts.CreateDbContext().For(user, time, clock);

    /// <summary>
    /// Runs one write in one transaction. It is run again from its beginning on a fresh context when the server gives it up (deadlock, lost
    /// connection), so
    /// it must do nothing outside the database. A refusal rolls everything back; duplicates and broken references that the database finds
    /// become refusals, and so does an outage: <c>database.away</c>, <c>.busy</c>, <c>.read_only</c>, <c>.full</c>, and <c>.unknown</c>
    /// where it is not known whether it was saved.
    /// </summary>
    public async Task<Result<T>> WriteAsync<T>(
        CurrentUser user, Func<PortalDb, CancellationToken, Task<Result<T>>> work, CancellationToken ct,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "")
    {
        var asker = PortalTelemetry.Named(file, member);
        using var activity = PortalTelemetry.Source.StartActivity("write " + asker);
        var once = user.Once is { Applies: true } tied ? tied : null;
        var operation = Guid.NewGuid().ToString();
        Result<T>? attempted = null;
        await using var strategy = await OpenAsync(user, asker, ct);
        try
        {
            var result = await strategy.Database.CreateExecutionStrategy().ExecuteAsync(
                work,
                async (_, body, token) =>
                {
                    await using var db = await OpenAsync(user, asker, token);
                    db.Operation = operation;
                    await using var transaction = await db.BeginAsync(token);
                    attempted = null;
                    if (JobLease.Current is { } lease) await lease.HoldAsync(db, token);
                    if (once is not null && await once.BeginAsync(db, operation, token) is { } repeated) return repeated;
                    var outcome = await body(db, token);
                    if (!outcome.Ok) return outcome;
                    if (db.ChangeTracker.HasChanges()) await db.SaveChangesAsync(token);
                    if (once is not null) await once.EndAsync(db, outcome.Value, token);
                    attempted = outcome;
                    await transaction.CommitAsync(token);
                    return outcome;
                },
                async (_, _, token) => new ExecutionResult<Result<T>>(await WasCommittedAsync(operation, attempted, token), attempted!),
                ct);
            if (!result.Ok && Severities.Told(result) is { } told) await TellAsync(user, told, ct);
            if (!result.Ok) activity?.SetTag("portal.refused", result.Error!.Code);
            if (result.Ok)
            {
                once?.Committed();
                feed.Look();
                watch.Wrote();
            }

            return result;
        }
        catch (DbUpdateException exception) when (DatabaseErrors.Refusal(exception) is { } refusal)
        {
            return refusal;
        }
        catch (Exception exception) when (OutageOf(exception) is { } outage)
        {
            activity?.SetStatus(ActivityStatusCode.Error, outage.Code());
            return new Error(outage.Code());
        }
    }

    /// <summary>A refusal leaves nothing behind, but that it was tried.</summary>
    private async Task TellAsync(CurrentUser user, Error refused, CancellationToken ct)
    {
        await using var db = await OpenAsync(user, ct);
        await db.WriteEventAsync(Severities.LimitRefused, "ledger_accounts", null, new { refused.Code, refused.Values }, ct);
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public async Task<Result> WriteAsync(
        CurrentUser user, Func<PortalDb, CancellationToken, Task<Result>> work, CancellationToken ct,
        [CallerMemberName] string member = "", [CallerFilePath] string file = "") =>
        await WriteAsync<bool>(
            user, async (db, token) => await work(db, token) is { Ok: false } refused ? Result<bool>.Refused(refused) : true, ct,
            member, file);

    /// <summary>
    /// Several SELECTs in one trip, for screens that show many figures at once. The caller narrows by the person.
    /// </summary>
    /// <param name="read">Run again on fresh results when the connection is lost, so it must only read.</param>
    public async Task<T> BatchAsync<T>(
        string sql, IReadOnlyDictionary<string, object?> parameters, Func<DbDataReader, CancellationToken, Task<T>> read,
        CancellationToken ct, [CallerMemberName] string member = "", [CallerFilePath] string file = "")
    {
        var asker = PortalTelemetry.Named(file, member);
        using var activity = PortalTelemetry.Source.StartActivity("read " + asker);
        await using var db = await OpenAsync(CurrentUser.System, asker, ct);
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            await db.Database.OpenConnectionAsync(token);
            try
            {
                await using var command = db.Database.GetDbConnection().CreateCommand();
                command.CommandText = sql;
                foreach (var (name, value) in parameters)
                {
                    var parameter = command.CreateParameter();
                    (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
                    command.Parameters.Add(parameter);
                }

                var began = Stopwatch.GetTimestamp();
                await using var reader = await command.ExecuteReaderAsync(token);
                var result = await read(reader, token);
                statements.Add(asker, Stopwatch.GetElapsedTime(began));
                return result;
            }
            finally
            {
                await db.Database.CloseConnectionAsync();
            }
        }, ct);
    }

    // Where a transaction begins the driver wraps nothing: here, and only here, a bare socket error is the database's.
    private static Outage? OutageOf(Exception exception) =>
        Outages.Of(exception) ?? (TransientErrors.IsLostConnection(exception) ? Outage.Away : null);

    /// <summary>The connection was lost: at the commit, which may or may not have reached the server? Its audit rows tell.</summary>
    private async Task<bool> WasCommittedAsync<T>(string operation, Result<T>? attempted, CancellationToken ct)
    {
        if (attempted is null) return false;
        await using var db = await OpenAsync(CurrentUser.System, ct);
        return await db.AuditLog.AnyAsync(e => e.Operation == operation, ct);
    }
}
