using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Surveys;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Surveys.SurveyBuilding;

namespace Portal.Tests.Surveys;

/// <summary>With the whole database in hand nobody finds out what somebody answered.</summary>
public sealed class AnonymityTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);
    private SurveyBuilding _building = null!;

    private sealed record Line(string Table, IReadOnlyList<(string Column, string? Value)> Values)
    {
        public string? this[string column] => Values.Single(v => v.Column == column).Value;

        public string Text => $"{Table}: {string.Join(" | ", Values.Select(v => $"{v.Column}={v.Value ?? "NULL"}"))}";
    }

    public Task InitializeAsync()
    {
        _building = new SurveyBuilding(_world);
        return _world.BeginAsync(new SurveyMatrix());
    }

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_that_an_anonymous_answer_leaves_behind_is_that_somebody_has_answered_and_apart_from_it_what(bool perApartment)
    {
        var owners = await _building.BuildAsync(6);
        var view = await _building.AskAsync(true, false, perApartment, Of(QuestionType.Rating), Choice(true, "a", "b"), Of(QuestionType.Text));
        var (who, words) = (owners[3], "lo que nadie debe saber");
        var before = await DumpAsync();
        Assert.True((await _building.AnswerAsync(view, who, GivenAnswer.Of(4), GivenAnswer.Of(1, 2), GivenAnswer.Of(words))).Ok);
        var after = await DumpAsync();

        var gone = before.ExceptBy(after.Select(l => l.Text), l => l.Text).ToList();
        var come = after.ExceptBy(before.Select(l => l.Text), l => l.Text).ToList();
        Assert.Equal(["audit_log", "survey_participants", "survey_sealed_answers"], come.Select(l => l.Table).Distinct().Order());

        // That they have answered, and nothing beside it.
        var (was, now) = (Assert.Single(gone), Assert.Single(come, l => l.Table == "survey_participants"));
        Assert.Equal(["answered"], was.Values.Zip(now.Values).Where(v => v.First != v.Second).Select(v => v.First.Column));
        var log = Assert.Single(come, l => l.Table == "audit_log");
        Assert.Equal(
            ("survey_participants", now["id"], null, "system", null, """{"answered":true}"""),
            (log["table_name"], log["record_id"], log["user_id"], log["actor_name"], log["ip_address"], log["new_value"]));

        // What was answered: one sealed row that has nothing in common with the above but the survey, and is as long as any other.
        var sealedRow = Assert.Single(come, l => l.Table == "survey_sealed_answers");
        Assert.Equal(["id", "survey_id", "content"], sealedRow.Values.Select(v => v.Column));
        Assert.Matches("^[0-9a-f]{32}$", sealedRow["id"]!);
        Assert.DoesNotContain(after, l => l.Text.Contains(words, StringComparison.Ordinal));
        Assert.True((await _building.AnswerAsync(view, owners[4], GivenAnswer.Of(1), GivenAnswer.Of(2), GivenAnswer.Of("x"))).Ok);
        var contents = await ContentsAsync();
        Assert.Single(contents.Select(c => c.Length).Distinct());
        Assert.All(contents, c => Assert.DoesNotContain(words, Encoding.UTF8.GetString(c), StringComparison.Ordinal));
        Assert.NotEqual(contents[0], contents[1]);
        Assert.Equal(Withheld.UntilClosed, (await _building.OutcomeAsync(view)).Withheld);

        var again = await _building.AnswerAsync(view, who, GivenAnswer.Of(1), GivenAnswer.Of(1), GivenAnswer.Of(words));
        Assert.Equal("survey.answered", again.Error!.Code);

        // Closed, it is counted: rows that have nothing in common with the above, nor with each other, but the survey; nothing opens the old.
        var key = await KeyFileAsync(view.Survey.Id);
        Assert.True(File.Exists(key));
        Assert.True((await _building.Desk.CloseAsync(view.Survey.Id, _building.Staff, default)).Ok);
        Assert.False(File.Exists(key));
        Assert.Empty(await ContentsAsync());
        after = await DumpAsync();
        var answers = after.FindAll(l => l.Table == "survey_answers");
        Assert.Equal(6, answers.Count);
        Assert.All(answers, a =>
        {
            Assert.Equal(["id", "survey_id", "question_id", "participant_id", "choices", "text"], a.Values.Select(v => v.Column));
            Assert.Null(a["participant_id"]);
            Assert.Matches("^[0-9a-f]{32}$", a["id"]!);
        });
        var theirs = answers.SelectMany(a => a.Values).Where(v => v.Column is "id" or "text" && v.Value is { Length: > 1 }).ToList();
        Assert.DoesNotContain(
            after.Where(l => l.Table != "survey_answers"), l => theirs.Any(v => l.Text.Contains(v.Value!, StringComparison.Ordinal)));
        string[] traces = [log["operation"]!, now["respondent"]!, who.IpAddress!, who.Name];
        Assert.DoesNotContain(answers, a => traces.Any(trace => a.Text.Contains(trace, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_answers_lie_in_an_order_that_is_not_the_one_in_which_they_came()
    {
        var owners = await _building.BuildAsync(14);
        var view = await _building.AskAsync(anonymous: true, questions: Of(QuestionType.Text));
        foreach (var (index, owner) in owners.Index())
            Assert.True((await _building.AnswerAsync(view, owner, GivenAnswer.Of($"{index:00}"))).Ok);

        Assert.True((await _building.Desk.CloseAsync(view.Survey.Id, _building.Staff, default)).Ok);
        var (answers, participants) = ((await DumpAsync()).FindAll(l => l.Table == "survey_answers"), await ColumnsAsync());
        var came = answers.ConvertAll(a => a["text"]!);
        // One time in fourteen factorial a shuffled pack lies as it was.
        Assert.NotEqual(came.Order(StringComparer.Ordinal), came);
        Assert.NotEqual(came.OrderDescending(StringComparer.Ordinal), came);
        Assert.Equal(came, answers.OrderBy(a => a["id"], StringComparer.Ordinal).Select(a => a["text"]));
        Assert.DoesNotContain(participants, type => type.Contains("time", StringComparison.Ordinal) || type.Contains("auto", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Closed_by_its_time_it_is_counted_by_the_job_and_without_its_key_it_waits()
    {
        var owners = await _building.BuildAsync(6);
        var view = await _building.AskAsync(anonymous: true, questions: [Of(QuestionType.YesNo), Of(QuestionType.Text, false)]);
        foreach (var (index, owner) in owners.Index())
            Assert.True((await _building.AnswerAsync(view, owner, GivenAnswer.Of(1 + (index % 2)), GivenAnswer.Of($"texto {index}"))).Ok);
        await CloseInThePastAsync(view.Survey.Id);
        Assert.Equal(Withheld.Counting, (await _building.OutcomeAsync(view)).Withheld);

        var key = await KeyFileAsync(view.Survey.Id);
        File.Move(key, key + ".away");
        var count = _world.Get<SurveyCount>();
        await count.CountClosedAsync(default);
        Assert.Equal(Withheld.Counting, (await _building.OutcomeAsync(view)).Withheld);
        File.Move(key + ".away", key);

        await Task.WhenAll(count.CountClosedAsync(default), count.CountClosedAsync(default));
        var outcome = await _building.OutcomeAsync(view);
        Assert.Equal((Withheld.Nothing, 6), (outcome.Withheld, outcome.Survey.Responses));
        Assert.Equal([3, 3], outcome.Questions[0].Choices.Select(c => c.Count));
        Assert.Equal(6, outcome.Questions[1].Texts.Count);
    }

    private async Task CloseInThePastAsync(long survey)
    {
        await using var connection = new MySqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var close = new MySqlCommand($"UPDATE surveys SET closes_at = '2020-01-01' WHERE id = {survey}", connection);
        await close.ExecuteNonQueryAsync();
    }

    /// <summary>Where the key of a survey lies.</summary>
    private async Task<string> KeyFileAsync(long survey)
    {
        await using var connection = new MySqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var half = new MySqlCommand($"SELECT seal_key FROM surveys WHERE id = {survey}", connection);
        var name = Convert.ToHexStringLower(SHA256.HashData((byte[])(await half.ExecuteScalarAsync())!))[..32];
        return Path.Combine(".data", "survey-keys", $"{name}.key");
    }

    private async Task<List<byte[]>> ContentsAsync()
    {
        await using var connection = new MySqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var rows = new MySqlCommand("SELECT content FROM survey_sealed_answers ORDER BY id", connection);
        await using var reader = await rows.ExecuteReaderAsync();
        List<byte[]> contents = [];
        while (await reader.ReadAsync()) contents.Add((byte[])reader.GetValue(0));
        return contents;
    }

    /// <summary>Every row of every table, in the order in which they lie.</summary>
    private async Task<List<Line>> DumpAsync()
    {
        await using var connection = new MySqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        List<string> tables = [];
        await using (var names = new MySqlCommand("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'", connection))
        await using (var reader = await names.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        }

        List<Line> lines = [];
        foreach (var table in tables)
        {
            await using var rows = new MySqlCommand($"SELECT * FROM `{table}`{(table == "survey_answers" ? " FORCE INDEX (PRIMARY)" : "")}", connection);
            await using var reader = await rows.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                lines.Add(new Line(table,
                [
                    .. Enumerable.Range(0, reader.FieldCount).Select(i => (
                        reader.GetName(i), reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))),
                ]));
            }
        }

        return lines;
    }

    private async Task<List<string>> ColumnsAsync()
    {
        await using var connection = new MySqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var columns = new MySqlCommand(
            "SELECT CONCAT(data_type, ' ', extra) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'survey_answers'",
            connection);
        await using var reader = await columns.ExecuteReaderAsync();
        List<string> types = [];
        while (await reader.ReadAsync()) types.Add(reader.GetString(0));
        Assert.Equal(6, types.Count);
        return types;
    }
}
