using System.Text;
using CsCheck;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Building;
using Portal.Data.Parking;
using Portal.Data.People;
using Portal.Tests.Server;

namespace Portal.Tests.Schema;

/// <summary>The keys that the server works out are those of the code, and a look-up by them uses its index.</summary>
public sealed class KeyColumnTests(TestDatabase database) : DatabaseTest(database)
{
    private const string Letters = "aAbBcCnNiItTzZ0159 .,-_/#·'áéíóúüñÁÉÍÓÚÜÑçÇäßſıºª🍎";

    [Fact]
    public async Task What_the_server_keeps_of_any_text_is_what_the_code_asks_for()
    {
        var texts = Texts(400).Concat(
        [
            "Apto. 501", "APARTAMENTO 5-a", "casa 12", "Ático 1", "PH-1", "abc-123", "klm.20d", "1.020.304", "NIT 900.482.617-3",
            "C.C. 1.020.304", "n.i.t: 900482617 - 3 ", "900482617-3", "av 123-4", " 12.345.678 ",
        ]).Distinct(StringComparer.Ordinal).ToList();
        await using var connection = new MySqlConnection(Database.ConnectionString);
        await connection.OpenAsync();
        await RunAsync(connection, "SET foreign_key_checks = 0");
        for (var i = 0; i < texts.Count; i++)
        {
            await RunAsync(
                connection,
                $"""
                INSERT INTO apartments (id, apartment_number, status_id, tower_id) VALUES ({i + 1}, @t, 1, {i + 1});
                INSERT INTO parking (id, space_number, status_id, license_plate) VALUES ({i + 1}, {i + 1}, 1, @t);
                INSERT INTO profile (id, user_id, first_name, last_name, document_number) VALUES ({i + 1}, {i + 1}, '', '', @t);
                INSERT INTO visitors (id, name, identification, host_id, visit_date, license_plate)
                    VALUES ({i + 1}, '', @t, 1, '2026-01-01', @t)
                """,
                texts[i]
            );
        }

        var differences = new StringBuilder();
        foreach (var (sql, key) in new (string, Func<string, string>)[]
        {
            ("SELECT id, number_key FROM apartments", UnitSpelling.NumberKey),
            ("SELECT id, license_plate_key FROM parking", Plates.Key),
            ("SELECT id, license_plate_key FROM visitors", Plates.Key),
            ("SELECT id, document_number_key FROM profile", DocumentNumbers.Key),
            ("SELECT id, identification_key FROM visitors", DocumentNumbers.Key),
        })
        {
            await using var command = new MySqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var text = texts[(int)reader.GetInt64(0) - 1];
                var kept = await reader.IsDBNullAsync(1) ? "" : reader.GetString(1);
                if (kept != key(text)) differences.AppendLine($"{sql}: '{text}' is '{kept}' there and '{key(text)}' here");
            }
        }

        Assert.Equal("", differences.ToString());
    }

    [Theory]
    [InlineData(
        "SELECT id FROM apartments WHERE number_key = '501' AND tower_id IN (3, 4) OR number_key = '2501'", "idx_apartments_number_key")]
    [InlineData("SELECT id FROM parking WHERE license_plate_key = 'ABC123'", "idx_parking_license_plate_key")]
    [InlineData("SELECT id FROM visitors WHERE license_plate_key = 'ABC123' AND state = 'announced'", "idx_visitors_license_plate_key")]
    [InlineData("SELECT id FROM visitors WHERE identification_key IN ('1020304', '10203041')", "idx_visitors_identification_key")]
    [InlineData("SELECT id FROM visitors WHERE name IN ('Ana Niño', 'Niño Ana')", "idx_visitors_name")]
    [InlineData("SELECT id FROM profile WHERE document_number_key LIKE '10203%'", "idx_profile_document_number_key")]
    [InlineData("SELECT id FROM profile WHERE MATCH (first_name, last_name) AGAINST ('+ruiz* +mejia*' IN BOOLEAN MODE)", "ft_profile_name")]
    [InlineData("SELECT id FROM pqrs WHERE number IN ('PQRS-2026-000001', 'PQRS-2025-000001')", "uq_pqrs_number")]
    [InlineData("SELECT id FROM payments WHERE receipt_number IN ('RC-2026-000001', 'RC-2025-000001')", "uq_payments_receipt_number")]
    public async Task A_look_up_uses_its_index(string sql, string index)
    {
        await using var connection = new MySqlConnection(Database.ConnectionString);
        await connection.OpenAsync();
        await RunAsync(connection, "SET foreign_key_checks = 0");
        // Enough rows that a look-up through all of them would be dearer.
        for (var i = 1; i <= 600; i++)
        {
            await RunAsync(connection, $"""
                INSERT INTO apartments (id, apartment_number, status_id, tower_id) VALUES ({i}, '{i + 300}', 1, {i % 9 + 1});
                INSERT INTO parking (id, space_number, status_id, license_plate) VALUES ({i}, {i}, 1, 'ABC-{i + 99}');
                INSERT INTO profile (id, user_id, first_name, last_name, document_number)
                    VALUES ({i}, {i}, 'Andrea{i}', 'Ruiz Mejía', '{i + 1020000}');
                INSERT INTO visitors (id, name, identification, host_id, visit_date, license_plate)
                    VALUES ({i}, 'Ana {i}', '{i}', 1, '2026-01-01', 'XYZ{i}');
                INSERT INTO pqrs (id, title, description, category_id, owner_id, status_id, number)
                    VALUES ({i}, 't', 'd', 1, 1, 1, 'PQRS-2026-{i:000000}');
                INSERT INTO payments (id, amount, payment_date, status_id, owner_id, receipt_number)
                    VALUES ({i}, 1, '2026-01-01', 1, 1, 'RC-2026-{i:000000}')
                """);
        }

        await RunAsync(connection, "ANALYZE TABLE apartments, parking, profile, visitors, pqrs, payments");
        await using var command = new MySqlCommand($"EXPLAIN FORMAT=JSON {sql}", connection);
        Assert.Contains($"\"{index}\"", KeyOf($"{await command.ExecuteScalarAsync()}"), StringComparison.Ordinal);
    }

    /// <summary>The index that the plan takes, not those it could take.</summary>
    private static string KeyOf(string plan) =>
        string.Join('\n', plan.Split('\n').Where(line => line.Contains("\"key\"") || line.Contains("\"index_name\"")));

    private static IEnumerable<string> Texts(int count)
    {
        var runes = Letters.EnumerateRunes().Select(rune => rune.ToString()).ToArray();
        var gen = Gen.OneOf(runes).Array[0, 18].Select(string.Concat);
        var texts = new List<string>();
        gen.Array[count].Sample(all => texts.AddRange(all), iter: 1, threads: 1);
        return texts.Where(text => text.Length <= 20);
    }

    private static async Task RunAsync(MySqlConnection connection, string sql, string? text = null)
    {
        await using var command = new MySqlCommand(sql, connection);
        if (text is not null) command.Parameters.AddWithValue("@t", text);
        await command.ExecuteNonQueryAsync();
    }
}
