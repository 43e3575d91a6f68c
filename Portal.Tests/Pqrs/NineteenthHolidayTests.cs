using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data.Pqrs;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Pqrs;

/// <summary>Cases that were counted over 13 July 2026 before it was a holiday.</summary>
public sealed class NineteenthHolidayTests
{
    [Fact]
    public async Task What_was_counted_over_the_new_holiday_gets_the_day_back_and_nothing_else_moves()
    {
        await using var database = await EmptyDatabase.CreateAsync();
        var before = Migration
            .BuiltIn.TakeWhile(m => !m.FileName.EndsWith("_the_nineteenth_holiday.sql", StringComparison.Ordinal))
            .ToList();
        await new Migrator(database.ConnectionString, NullLogger<Migrator>.Instance, before).ApplyAsync();
        await database.ExecuteAsync("""
            SET foreign_key_checks = 0;
            INSERT INTO pqrs (id, title, description, category_id, owner_id, status_id, due_on, days_given, updated_at) VALUES
                (1, 'filed 1 July', '', 1, 1, 1, '2026-07-23', 15, '2026-07-01 12:00'),
                (2, 'the same, closed', '', 1, 1, 4, '2026-07-23', 15, '2026-07-01 12:00'),
                (3, 'began before, ends before', '', 1, 1, 1, '2026-07-10', 15, '2026-07-01 12:00'),
                (4, 'began on 13 July', '', 1, 1, 1, '2026-08-04', 15, '2026-07-01 12:00'),
                (5, 'its last day is 13 July', '', 1, 1, 1, '2026-07-13', 15, '2026-07-01 12:00'),
                (6, 'held on 13 July', '', 1, 1, 1, '2026-07-24', 15, '2026-07-01 12:00'),
                (7, 'held after its last day', '', 1, 1, 1, '2026-07-17', 10, '2026-07-01 12:00'),
                (8, 'of an older system', '', 1, 1, 1, NULL, NULL, '2026-07-01 12:00'),
                (9, 'began on 10 July', '', 1, 1, 1, '2026-08-03', 15, '2026-07-01 12:00');
            INSERT INTO pqrs_pauses (pqrs_id, started_on, ended_on) VALUES
                (6, '2026-07-13', '2026-07-14'), (7, '2026-07-18', '2026-07-23'), (9, '2026-08-01', NULL)
            """);

        // That one alone: later ones build the table anew, and a server that does so looks for the owners that these rows lack.
        var with = Migration.BuiltIn.Take(before.Count + 1).ToList();
        await new Migrator(database.ConnectionString, NullLogger<Migrator>.Instance, with).ApplyAsync();

        await using var connection = new MySqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(
            "SELECT id, DATE_FORMAT(due_on, '%Y-%m-%d'), DATE_FORMAT(updated_at, '%Y-%m-%d %H:%i') FROM pqrs ORDER BY id", connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<string?> due = [];
        while (await reader.ReadAsync())
        {
            due.Add(await reader.IsDBNullAsync(1) ? null : reader.GetString(1));
            Assert.EndsWith("12:00", reader.GetString(2), StringComparison.Ordinal);
        }

        Assert.Equal(
            ["2026-07-24", "2026-07-24", "2026-07-10", "2026-08-04", "2026-07-14", "2026-07-24", "2026-07-23", null, "2026-08-04"], due);
        Assert.Equal(BusinessDays.Deadline(new(2026, 7, 1), 15, []), DateOnly.Parse(due[0]!));
        Assert.Equal(new DateOnly(2026, 7, 1), BusinessDays.Start(DateOnly.Parse(due[0]!), 15, []));
    }
}
