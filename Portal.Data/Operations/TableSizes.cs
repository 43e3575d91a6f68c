using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Operations;

/// <summary>Notes once a day how large each table is, for the growth on the page of operations, and keeps that for 400 days.</summary>
public sealed class TableSizes(PortalStore store) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("table_sizes");

    private const int Kept = 400;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        var oldest = day.AddDays(-Kept);

        // The first reading of a day stays: a job that runs again days later would keep another day's figure.
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT IGNORE INTO table_sizes (day, name, bytes, record_count)
            SELECT {day}, CONVERT(table_name USING utf8mb4), COALESCE(data_length + index_length, 0), COALESCE(table_rows, 0)
            FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
            """, ct);
        await db.Database.ExecuteSqlAsync($"DELETE FROM table_sizes WHERE day < {oldest}", ct);
    }
}
