using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data.Schema;

namespace Portal.Tests.Schema;

/// <summary>
/// Old databases are adopted or explained, never half: what is wrong with one is listed before anything changes, with statements that
/// mend it as they are printed, or is taken in with a meaning; and afterwards every page opens and shows the sound rows.
/// </summary>
public sealed class DirtyDatabaseTests
{
    /// <summary>In an order in which they can be put into one database.</summary>
    private static readonly string[] All =
        ["engines", "orphans", "times", "enums", "dates", "names", "options", "plate", "profiles", "overlap", "statuses", "case"];

    /// <summary>What is said of each, in part: where, in which rows, and how it is mended.</summary>
    private static readonly Dictionary<string, string[]> Said = new()
    {
        ["orphans"] =
        [
            "Column users.user_status_id points to rows of user_status that do not exist: rows with id 31.",
            "Column profile.user_id points to rows of users that do not exist: rows with id 31.",
            "Column apartments.tower_id points to rows of towers that do not exist: rows with id 132.",
            "Column apartments.owner_id points to rows of owners that do not exist: rows with id 133. The reference is emptied.\n"
                + "    UPDATE `apartments` SET `owner_id` = NULL, `updated_at` = `updated_at` WHERE id IN (133);",
            "Column payments.owner_id points to rows of owners that do not exist: rows with id 32.",
            "Column questions.survey_id points to rows of surveys that do not exist: rows with id 31.",
            "Column role_permissions.role_id points to rows of roles that do not exist: rows with id 31.",
        ],
        ["times"] =
        [
            "Column visitors.enter_time has times that are none of a day (negative, or 24:00 and later).", "rows with id 42, 43.",
            "Column visitors.exit_time has times", "rows with id 41, 43.",
        ],
        ["enums"] =
        [
            "Column facilities.status holds ''", "UPDATE `facilities` SET `status` = 'available'", "Column pqrs.priority holds ''",
            "Column guards.shift holds ''", "Column notifications.recipient_type holds ''", "Column questions.type holds ''",
        ],
        ["dates"] =
        [
            "Column profile.birth_date has dates that are none (0000-00-00, a month or day 00, a 30th of February).",
            "Column owners.birth_date has dates", "Column payments.payment_date has dates", "rows with id 61, 62.",
            "Column reservations.start_date has dates", "Column visitors.visit_date has dates", "Column users.updated_at has dates",
            "Column user_status.created_at has dates",
        ],
        ["case"] = ["Table Users is documented as users, and on this server these are two names.\n    RENAME TABLE `Users` TO `users`;"],
        ["names"] =
        [
            "Column users.username has blanks before or after the text: rows with id 71, 72, 74, 75.",
            "users (username) must be unique, and", "stands in the rows with id 73, 74, 75. The row 73 stays as it is",
        ],
        ["profiles"] =
        [
            "profile (user_id) must be unique, and '12' stands in the rows with id 2, 101, 102. The row 101 stays as it is",
            "permissions (name) must be unique, and 'reports.print' stands in the rows with id 1, 101.",
        ],
    };

    public static TheoryData<string> Each() => [.. All];

    [Theory]
    [MemberData(nameof(Each))]
    public async Task One_thing_wrong_is_listed_and_mended_as_printed_or_taken_in(string what)
    {
        await using var older = await OlderDatabase.CreateAsync(what);
        await AdoptAsync(older, what);
    }

    /// <summary>And every page opens over what each of them has left.</summary>
    [Fact]
    public async Task All_of_it_at_once_is_listed_in_one_go_and_mended_as_printed()
    {
        await using var older = await OlderDatabase.CreateAsync(All);
        await AdoptAsync(older, All);

        Assert.Empty(await new EveryPage(older).ProblemsAsync());
    }

    [Fact]
    public async Task Rows_with_nothing_in_all_that_may_be_left_out_are_shown_beside_the_others()
    {
        await using var older = await OlderDatabase.CreateAsync();
        await older.AddRowsOfNullsAsync(900);

        await older.AdoptAsync();

        Assert.Empty(await new EveryPage(older).ProblemsAsync());
    }

    /// <summary>By another program, in a session that is not strict: after an adoption as before it.</summary>
    [Fact]
    public async Task A_word_that_is_none_hides_no_list_when_it_comes_later()
    {
        await using var older = await OlderDatabase.CreateAsync();
        await older.AdoptAsync();
        await older.RunAsync("Dirty/enums");

        Assert.Empty(await new EveryPage(older).ProblemsAsync());
    }

    [Fact]
    public async Task What_is_mended_keeps_what_it_meant()
    {
        await using var older = await OlderDatabase.CreateAsync("times", "names", "profiles", "dates");
        await older.MendAsync((await Assert.ThrowsAsync<SchemaException>(older.AdoptAsync)).Message);
        await older.AdoptAsync();

        // Half past one in the night: a time of the day after the visit began.
        Assert.Equal(
            ["01:30:00 2024-05-04"],
            await older.ListAsync("SELECT CONCAT(exit_time, ' ', exit_date) FROM visitors WHERE id = 41"));
        Assert.Equal(
            ["nohora.munoz", "jairo.rey", "jairo.paz", "jairo.paz-74", "Jairo.Paz-75"],
            await older.ListAsync("SELECT username FROM users WHERE id BETWEEN 71 AND 75 ORDER BY id"));
        Assert.Equal(["101"], await older.ListAsync("SELECT id FROM profile WHERE user_id = 12"));
        Assert.Equal(["2", "102"], await older.ListAsync("SELECT id FROM profile_before ORDER BY id"));
        Assert.Equal(["2023-03-04"], await older.ListAsync("SELECT CAST(payment_date AS CHAR) FROM payments WHERE id = 61"));
    }

    [Fact]
    public async Task Profiles_that_stood_side_by_side_in_a_portal_of_before_become_one_and_nothing_is_lost()
    {
        await using var older = await OlderDatabase.CreateAsync();
        var migrator = new Migrator(
            older.ConnectionString, NullLogger<Migrator>.Instance,
            [.. Migration.BuiltIn.TakeWhile(file => !file.FileName.EndsWith("_one_profile_per_user.sql", StringComparison.Ordinal))]);
        await migrator.ApplyAsync();
        await older.ExecuteAsync("""
            INSERT INTO profile (id, user_id, first_name, last_name, phone, document_number) VALUES
                (201, 11, 'L.', 'Ramírez', '300', NULL), (202, 13, 'Ana', 'Ñáñez', NULL, '52');
            UPDATE visitors SET exit_time = '25:30:00', exit_date = NULL WHERE id = 1;
            UPDATE visitors SET enter_time = '-01:00:00' WHERE id = 2
            """);

        await older.AdoptAsync();

        Assert.Equal(
            ["1 lucia@example.org 300", "2 - -", "202 - -"],
            await older.ListAsync(
                "SELECT CONCAT_WS(' ', id, COALESCE(email, '-'), COALESCE(phone, '-')) FROM profile WHERE user_id < 14 ORDER BY user_id"));
        Assert.Equal(["3", "201"], await older.ListAsync("SELECT id FROM former_profiles ORDER BY id"));
        Assert.Equal(
            ["01:30:00 2024-05-02", "- -"],
            await older.ListAsync(
                "SELECT CONCAT_WS(' ', COALESCE(IF(id = 1, exit_time, enter_time), '-'), COALESCE(exit_date, '-')) "
                    + "FROM visitors WHERE id < 3 ORDER BY id"));
    }

    [Fact]
    public async Task A_time_that_is_none_of_a_day_is_refused_from_then_on_whoever_writes_it()
    {
        await using var older = await OlderDatabase.CreateAsync();
        await older.AdoptAsync();
        var columns = await older.ListAsync(
            "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns "
                + "WHERE table_schema = DATABASE() AND data_type = 'time' AND table_name IN ('visitors', 'payments')");

        foreach (var column in columns.Select(name => name.Split('.')))
        {
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(
                () => older.ExecuteAsync($"UPDATE {column[0]} SET {column[1]} = '25:00:00'"));
        }

        Assert.Equal(3, columns.Count);
    }

    private static async Task AdoptAsync(OlderDatabase older, params string[] what)
    {
        var said = what.Where(Said.ContainsKey).SelectMany(name => Said[name]).ToList();
        if (said.Count > 0)
        {
            var before = await older.FingerprintAsync();
            var refusal = await Assert.ThrowsAsync<SchemaException>(older.AdoptAsync);
            foreach (var line in said) Assert.Contains(line, refusal.Message, StringComparison.Ordinal);
            Assert.Equal(before, await older.FingerprintAsync());
            await older.MendAsync(refusal.Message);
        }

        await older.AdoptAsync();
    }
}
