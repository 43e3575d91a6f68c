using System.IO.Compression;
using System.Net;
using System.Resources;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Privacy;
using Portal.Resources;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Privacy;

/// <summary>
/// The export of all that is known about a person: that nothing is forgotten, and that nothing of others or secret is in it.
/// </summary>
public sealed partial class PersonalDataTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new PrivacyMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    /// <summary>
    /// A new table with somebody's name, document, address, or a key to a person fails here: export it in PersonalTables, or say there why
    /// not. Columns that end in _by are acts of the office: the audit log tells them to whoever acted.
    /// </summary>
    [Fact]
    public async Task Every_table_that_names_a_person_is_exported_or_left_out_with_its_reason()
    {
        await using var connection = new MySqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        HashSet<string> naming = [], all = [];
        await using (var command = new MySqlCommand(
            """
            SELECT c.table_name, c.column_name, 0 FROM information_schema.columns AS c
            INNER JOIN information_schema.tables AS t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
            WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'
            UNION ALL
            SELECT k.table_name, k.column_name, 1 FROM information_schema.key_column_usage AS k
            WHERE k.table_schema = DATABASE() AND k.referenced_table_schema = DATABASE()
                AND k.referenced_table_name IN ('users', 'owners', 'profile', 'guards', 'tenants', 'visitors')
            """, connection))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var (table, column) = (reader.GetString(0), reader.GetString(1));
                all.Add(table);
                if ((reader.GetInt64(2) > 0 || Personal().IsMatch(column)) && !column.EndsWith("_by", StringComparison.Ordinal))
                    naming.Add(table);
            }
        }

        var exported = PersonalTables.All.Select(t => t.Table).ToHashSet();
        Assert.Empty(naming.Except(exported).Except(PersonalTables.LeftOut.Keys).Order());
        Assert.Empty(exported.Intersect(PersonalTables.LeftOut.Keys));
        Assert.Empty(exported.Except(all));
        Assert.All(PersonalTables.LeftOut.Values, reason => Assert.NotEmpty(reason));
        Assert.DoesNotContain(
            PersonalTables.All.SelectMany(t => t.ColumnNames),
            column => Regex.IsMatch(column, "hash|secret|token|stamp|password|pin|verification"));
    }

    [Fact]
    public void Every_column_and_table_of_it_has_words_in_both_languages()
    {
        var (own, audit) = (new ResourceManager(typeof(PrivacyWords)), new ResourceManager(typeof(AuditWords)));
        List<string> missing = [];
        foreach (var language in new[] { "es", "en" })
        {
            bool Has(ResourceManager words, string key) => words
                .GetResourceSet(System.Globalization.CultureInfo.GetCultureInfo(language), createIfNotExists: true, tryParents: false)
                ?.GetString(key) is not null;
            foreach (var column in PersonalTables.All.SelectMany(t => t.ColumnNames).Distinct())
                if (!Has(own, $"field.{column}") && !Has(audit, $"field.{column}")) missing.Add($"{language} field.{column}");
            foreach (var table in PersonalTables.All.Select(t => t.As ?? t.Table))
                if (!Has(own, $"part.{table}") && !Has(audit, $"table.{table}")) missing.Add($"{language} part.{table}");
            foreach (var area in Enum.GetValues<PersonalArea>())
                if (!Has(own, $"area.{area}")) missing.Add($"{language} area.{area}");
        }

        Assert.Empty(missing);
    }

    [Fact]
    public async Task A_person_takes_away_what_is_theirs_and_of_others_only_what_is_needed()
    {
        var (owner, neighbour) = (AuthorityWorld.OwnerRow(Who.Owner), AuthorityWorld.OwnerRow(Who.Neighbour));
        await database.ExecuteAsync(
            $"""
            INSERT INTO visitors (name, identification, host_id, visit_date, state) VALUES
                ('Visita Propia', '1020304050', {owner}, '2026-11-01', 'left'),
                ('Visita Ajena', '99887766', {neighbour}, '2026-11-01', 'left');
            INSERT INTO pqrs (title, description, category_id, owner_id, status_id, number) VALUES
                ('Gotera mía', 'Cae agua.', 1, {owner}, 1, 'PQRS-2026-000901'),
                ('Ruido ajeno', 'Suena.', 1, {neighbour}, 1, 'PQRS-2026-000902');
            INSERT INTO pqrs_tracking (pqrs_id, status_id, user_id, comments, internal)
                SELECT id, 1, {AuthorityWorld.Id(Who.Staff)}, 'Vamos mañana <b>', 0 FROM pqrs WHERE title = 'Gotera mía';
            INSERT INTO pqrs_tracking (pqrs_id, status_id, user_id, comments, internal)
                SELECT id, 1, {AuthorityWorld.Id(Who.Staff)}, 'Nota interna', 1 FROM pqrs WHERE title = 'Gotera mía';
            INSERT INTO pqrs_attachments (pqrs_id, file_name, content_type, size, content)
                SELECT id, '../gotera.txt', 'text/plain', 4, 'foto' FROM pqrs WHERE title = 'Gotera mía'
            """);
        using var host = new PortalHost(database.ConnectionString);
        var visitor = host.NewVisitor("es");
        await visitor.SignInAsync(AuthorityWorld.Username(Who.Owner), AuthorityWorld.Password);
        using var response = await visitor.Client.GetAsync("/account/privacy/data.zip");
        Assert.Equal("application/zip", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        using var zip = new ZipArchive(await response.Content.ReadAsStreamAsync());
        var texts = zip.Entries.ToDictionary(e => e.FullName, Read);
        var index = WebUtility.HtmlDecode(texts["index.html"]);
        Assert.Contains("Datos personales de Owner Prueba", index, StringComparison.Ordinal);
        string[] told = ["Visita Propia", "…50", "Gotera mía", "Vamos mañana", "Torre A 101", "owner@correo.example", "My name is wrong."];
        Assert.All(told, shown => Assert.Contains(shown, index, StringComparison.Ordinal));
        Assert.Contains("Vamos mañana &lt;b&gt;", texts["index.html"], StringComparison.Ordinal);
        Assert.Contains("\"Visita Propia\"", texts["json/visits.json"], StringComparison.Ordinal);
        Assert.Contains("Visita Propia", texts["csv/visits/visitors.csv"], StringComparison.Ordinal);
        Assert.Equal("foto", Assert.Single(texts, t => t.Key.StartsWith("archivos/pqrs_attachments/", StringComparison.Ordinal)).Value);
        Assert.DoesNotContain(texts.Keys, name => name.Contains("..", StringComparison.Ordinal));
        var whole = string.Join('\n', texts.Values);
        foreach (var hidden in new[] { "Visita Ajena", "1020304050", "Ruido ajeno", "Nota interna", "neighbour@correo.example", "$2" })
            Assert.DoesNotContain(hidden, whole, StringComparison.Ordinal);

        using var other = await visitor.Client.GetAsync($"/people/{AuthorityWorld.Id(Who.Neighbour)}/data.zip");
        Assert.NotEqual("application/zip", other.Content.Headers.ContentType?.MediaType);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var line = Assert.Single(await db.AuditLog.Where(e => e.Action == "personal_data_exported").ToListAsync());
        Assert.Equal(AuthorityWorld.Id(Who.Owner), line.UserId);
        Assert.Equal(AuthorityWorld.Id(Who.Owner), line.RecordId);
    }

    [Fact]
    public async Task Every_part_of_it_can_be_read_of_everybody_and_another_only_with_the_permission()
    {
        var service = _world.Get<PersonalDataService>();
        foreach (var who in new[] { Who.Admin, Who.Staff, Who.Owner, Who.Tenant, Who.Guard })
        {
            var data = (await service.ReadAsync(null, _world.As(who), default)).Value;
            Assert.Equal(PersonalTables.All.Count, data.Tables.Count);
            Assert.Equal($"{who} Prueba", data.Name);
        }

        var owner = AuthorityWorld.Id(Who.Owner);
        Assert.True((await service.ReadAsync(owner, _world.As(Who.Admin), default)).Ok);
        foreach (var who in new[] { Who.Staff, Who.Neighbour, Who.Tenant, Who.Guard })
            Assert.Equal("not_found", (await service.ReadAsync(owner, _world.As(who), default)).Error!.Code);
        Assert.Equal("forbidden", (await service.ReadAsync(null, _world.As(Who.Nobody), default)).Error!.Code);
        Assert.Equal(
            "fresh.needed", (await service.ReadAsync(null, _world.As(Who.Owner) with { SessionId = 987_654 }, default)).Error!.Code);
    }

    private static string Read(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }

    [GeneratedRegex(
        "(^|_)(name|person|holder|voter|owner|giver|document|document_number|identification|email|phone|contact|host|user|recipient|people"
            + "|license_plate|user_agent|ip_address|address|birth_date|actor)(_id)?$")]
    internal static partial Regex Personal();
}
