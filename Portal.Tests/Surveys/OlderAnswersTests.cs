using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Surveys;

/// <summary>Surveys that were answered before who answered and what were kept apart.</summary>
public sealed class OlderAnswersTests
{
    [Fact]
    public async Task Words_become_the_numbers_of_their_options_and_anonymous_answers_lose_what_led_to_their_people()
    {
        await using var database = await EmptyDatabase.CreateAsync();
        var before = Migration.BuiltIn.TakeWhile(m => !m.FileName.EndsWith("_surveys_whole.sql", StringComparison.Ordinal)).ToList();
        Assert.True(before.Count < Migration.BuiltIn.Count);
        await new Migrator(database.ConnectionString, NullLogger<Migrator>.Instance, before).ApplyAsync();
        await database.ExecuteAsync("""
            INSERT INTO towers (id, name) VALUES (1, 'A');
            INSERT INTO users (id, username, password, role_id, user_status_id) VALUES (11, 'a', '-', 3, 1), (12, 'b', '-', 3, 1), (13, 'c', '-', 3, 1), (14, 'd', '-', 3, 1);
            INSERT INTO owners (id, user_id) VALUES (21, 11), (22, 12);
            INSERT INTO apartments (id, apartment_number, tower_id, status_id, owner_id, coefficient) VALUES (31, '101', 1, 1, 21, 60), (32, '102', 1, 1, 22, 40);
            INSERT INTO surveys (id, title, active, anonymous, per_apartment, created_at) VALUES
                (1, 'named', 1, 0, 1, '2026-01-02 12:00'), (2, 'anonymous, closed', 0, 1, 1, '2026-01-02 12:00'), (3, 'anonymous, open', 1, 1, 0, '2026-01-02 12:00');
            INSERT INTO questions (id, survey_id, question, type, options) VALUES
                (1, 1, 'words', 'multiple_choice', '["Salón", " Salon ", "salón", "", "Salón", "🍏", "🍎"]'),
                (2, 1, 'labels', 'multiple_choice', '[{"label": "Rojo"}, {"label": "Azul"}, 3]'),
                (3, 1, 'object', 'multiple_choice', '{"a": "Rojo", "b": "Azul"}'),
                (4, 1, 'rating', 'rating', NULL), (5, 1, 'yes', 'yes_no', NULL), (6, 1, 'text', 'text', NULL),
                (7, 2, 'yes', 'yes_no', NULL), (8, 3, 'word', 'multiple_choice', '"Rojo"'), (9, 1, 'numbers', 'multiple_choice', '[10, 20]');
            INSERT INTO survey_responses (id, survey_id, respondent, apartment_id, user_id, created_at) VALUES
                (101, 1, 'apartment:31', 31, 11, '2026-01-03 12:00'), (102, 1, 'apartment:32', 32, 12, '2026-01-04 12:00'),
                (103, 2, SHA2('survey:2:apartment:32', 256), NULL, NULL, '2026-01-03 12:00'),
                (104, 3, SHA2('survey:3:user:13', 256), NULL, NULL, '2026-01-03 12:00');
            INSERT INTO survey_answers (id, response_id, question_id, answer) VALUES
                (1, 101, 1, 'salón'), (2, 101, 2, 'Azul'), (3, 101, 3, 'Azul'), (4, 101, 4, '5'), (5, 101, 5, 'no'), (6, 101, 6, '5'), (7, 101, 9, '20'),
                (8, 102, 1, '🍎'), (9, 102, 2, '3'), (10, 102, 3, 'azul'), (11, 102, 5, 'yes'),
                (12, 103, 7, 'yes'), (13, 104, 8, 'Rojo');
            INSERT INTO audit_log (table_name, record_id, action, new_value, operation) VALUES
                ('survey_responses', 103, 'insert', '{}', 'x'), ('survey_answers', 12, 'insert', '{}', 'x'), ('survey_responses', 101, 'insert', '{}', 'y'), ('survey_answers', 1, 'insert', '{}', 'y')
            """);

        await new Migrator(database.ConnectionString, NullLogger<Migrator>.Instance).ApplyAsync();

        Assert.Equal(
            [
                "1 31 3 NULL", "1 32 5 NULL", "2 31 2 NULL", "2 32 3 NULL", "3 31 2 NULL", "3 32 NULL azul", "4 31 5 NULL", "5 31 2 NULL",
                "5 32 1 NULL", "6 31 NULL 5", "7 NULL 1 NULL", "8 NULL 1 NULL", "9 31 2 NULL",
            ],
            await ListAsync(database, """
                SELECT CONCAT_WS(' ', a.question_id, COALESCE(p.apartment_id, 'NULL'), COALESCE(a.choices, 'NULL'), COALESCE(a.text, 'NULL'))
                FROM survey_answers AS a LEFT JOIN survey_participants AS p ON p.id = a.participant_id
                ORDER BY a.question_id, p.apartment_id
                """));
        Assert.Equal(
            [
                "1 apartment:31 60 1 2026-01-03", "1 apartment:32 40 1 2026-01-04", "2 apartment:31 60 0", "2 apartment:32 40 1", "3 user:11 0 0",
                "3 user:12 0 0", "3 user:13 0 1",
            ],
            await ListAsync(database, """
                SELECT CONCAT_WS(' ', survey_id, respondent, FLOOR(coefficient), answered, DATE(answered_at))
                FROM survey_participants ORDER BY survey_id, respondent
                """));
        Assert.Equal(
            ["survey_answers 1", "survey_responses 101"],
            await ListAsync(database, "SELECT CONCAT_WS(' ', table_name, record_id) FROM audit_log WHERE table_name LIKE 'survey%' ORDER BY 1"));
        Assert.Equal(
            ["0"],
            await ListAsync(database, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN ('survey_responses', 'survey_answers_before')"));
        Assert.Equal(["13"], await ListAsync(database, "SELECT COUNT(*) FROM survey_answers WHERE id REGEXP '^[0-9a-f]{32}$'"));
    }

    private static async Task<IReadOnlyList<string>> ListAsync(EmptyDatabase database, string sql)
    {
        await using var connection = await SchemaConnection.OpenAsync(database.ConnectionString, default);
        return await connection.QueryAsync(sql, row => Convert.ToString(row.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!, default);
    }
}
