using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Operations;

/// <summary>Another portal has taken over the job that was run here: it may write nothing more.</summary>
public sealed class LeaseLostException() : Exception("Another portal has taken over this job.");

/// <summary>
/// The lease of the job that runs here. Whatever a job writes holds it until it is saved: a portal that stood still, while its lease ran
/// out and another took the job, cannot do it a second time.
/// </summary>
/// <param name="Job">Its row.</param>
/// <param name="Owner">What the row said when the job was taken.</param>
internal sealed record JobLease(long Job, string Owner)
{
    private static readonly AsyncLocal<JobLease?> Held = new();

    /// <summary>Null where no job is run.</summary>
    public static JobLease? Current
    {
        get => Held.Value;
        set => Held.Value = value;
    }

    /// <summary>
    /// Locks the row within the transaction, shared: several writes of one job may go beside each other, and who would take it waits for all
    /// of them.
    /// </summary>
    /// <exception cref="LeaseLostException">It is no longer held.</exception>
    public async Task HoldAsync(PortalDb db, CancellationToken ct)
    {
        var held = await db.Jobs.FromSql($"SELECT * FROM jobs WHERE id = {Job} AND lease_owner = {Owner} LOCK IN SHARE MODE")
            .AsNoTracking().ToListAsync(ct);
        if (held.Count == 0) throw new LeaseLostException();
    }
}
