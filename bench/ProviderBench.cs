using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Operations;

namespace Portal.Bench;

/// <summary>The EF Core provider against the driver alone: the same statements on the same tables.</summary>
internal static class ProviderBench
{
    public static async Task RunAsync(TestBed bed)
    {
        await Measure.CompareAsync("provider: query of 20 rows", 80, () => QueryAsync(bed), () => RawQueryAsync(bed));
        await Measure.CompareAsync("provider: single insert (one commit)", 80, () => InsertAsync(bed, 1), () => RawInsertAsync(bed, 1));
        await Measure.CompareAsync(
            "provider: insert of 100 rows (one commit)", 60, () => InsertAsync(bed, 100), () => RawInsertAsync(bed, 100));
    }

    private static async Task QueryAsync(TestBed bed)
    {
        await using var db = await bed.Store.OpenAsync(CurrentUser.System, CancellationToken.None);
        var rows = await db.Payments.AsNoTracking().OrderByDescending(p => p.PaymentDate).ThenByDescending(p => p.Id).Take(20)
            .Select(p => new { p.Id, p.Amount, p.PaymentDate, p.ReferenceNumber, p.ReceiptNumber }).ToListAsync();
        if (rows.Count != 20) throw new InvalidOperationException("20 rows were expected.");
    }

    private static async Task RawQueryAsync(TestBed bed)
    {
        await using var connection = new MySqlConnection(bed.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(
            "SELECT id, amount, payment_date, reference_number, receipt_number FROM payments ORDER BY payment_date DESC, id DESC LIMIT 20",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(long, decimal, DateTime, string?, string?)>();
        while (await reader.ReadAsync())
        {
            rows.Add(
                (
                    reader.GetInt64(0), reader.GetDecimal(1), reader.GetDateTime(2), reader.IsDBNull(3) ? null : reader.GetString(3),
                    reader.IsDBNull(4) ? null : reader.GetString(4))
            );
        }
    }

    private static async Task InsertAsync(TestBed bed, int rows)
    {
        await using var db = await bed.Store.OpenAsync(CurrentUser.System, CancellationToken.None);
        for (var i = 0; i < rows; i++)
            db.Jobs.Add(
                new Job
                {
                    Kind = "bench",
                    Payload = "{}",
                    State = JobState.Done,
                    RunAt = bed.Clock.UtcNow,
                    CreatedAt = bed.Clock.UtcNow,
                }
            );
        await db.SaveChangesAsync();
    }

    private static async Task RawInsertAsync(TestBed bed, int rows)
    {
        await using var connection = new MySqlConnection(bed.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new MySqlCommand(
            "INSERT INTO jobs (kind, payload, state, run_at, created_at) VALUES "
                + string.Join(", ", Enumerable.Range(0, rows).Select(i => $"(@k{i}, @p{i}, @s{i}, @r{i}, @c{i})")),
            connection,
            transaction
        );
        for (var i = 0; i < rows; i++)
        {
            command.Parameters.AddWithValue($"@k{i}", "bench");
            command.Parameters.AddWithValue($"@p{i}", "{}");
            command.Parameters.AddWithValue($"@s{i}", "done");
            command.Parameters.AddWithValue($"@r{i}", bed.Clock.UtcNow);
            command.Parameters.AddWithValue($"@c{i}", bed.Clock.UtcNow);
        }

        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }
}
