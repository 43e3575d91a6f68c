using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Backups;
using Portal.Data.Operations;
using Portal.Data.Privacy;
using Portal.Tests.Authority;
using Portal.Tests.Backups;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Privacy;

/// <summary>Whoever is erased is gone from every column of the database, stays in the books as a number, and does not come back.</summary>
public sealed partial class ErasureTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private const string Claim = "HD-2026-000777";

    private static readonly ErasureInput Sure = new("tenant  prueba", "Se suprimió lo que la ley no obliga a guardar.");

    private static readonly long Person = AuthorityWorld.Id(Who.Tenant), Row = AuthorityWorld.OwnerRow(Who.Tenant);

    private readonly AuthorityWorld _world = new(database);
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-erased-").FullName;
    private readonly List<string> _made = [];

    private BuildingClock Clock => _world.Clock;

    private ErasureService Service => _world.Get<ErasureService>();

    public Task InitializeAsync() => _world.BeginAsync(new PrivacyMatrix());

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        var server = await TestServer.GetAsync();
        foreach (var name in _made) await server.ExecuteAsync($"DROP DATABASE IF EXISTS {name}");
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>
    /// A new table with somebody in it, or a new column of text in one, fails here: say in ErasureTables what becomes of it.
    /// </summary>
    [Fact]
    public async Task Every_table_and_every_text_about_a_person_has_its_treatment()
    {
        List<(string Table, string Column, bool Text, bool Points)> columns = [];
        await using var connection = new MySqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using (var command = new MySqlCommand(
            """
            SELECT c.table_name, c.column_name, c.data_type, (SELECT COUNT(*) FROM information_schema.key_column_usage AS k
                WHERE k.table_schema = DATABASE() AND k.table_name = c.table_name AND k.column_name = c.column_name
                    AND k.referenced_table_name IN ('users', 'owners', 'profile', 'guards', 'tenants', 'visitors'))
            FROM information_schema.columns AS c
            INNER JOIN information_schema.tables AS t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
            WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' AND c.extra NOT LIKE '%GENERATED%'
            """, connection))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                columns.Add((
                    reader.GetString(0), reader.GetString(1), Texts().IsMatch(reader.GetString(2).ToLowerInvariant()),
                    Convert.ToInt64(reader.GetValue(3)) > 0));
            }
        }

        var steps = ErasureTables.All.ToLookup(s => s.Table);
        List<string> missing = [];
        foreach (var table in columns.Where(c => !c.Column.EndsWith("_by", StringComparison.Ordinal)).GroupBy(c => c.Table))
        {
            var personal = table.Where(c => c.Points || PersonalDataTests.Personal().IsMatch(c.Column)).ToList();
            if (personal.Count == 0) continue;
            if (!steps.Contains(table.Key))
            {
                var impersonal = PersonalTables.LeftOut.TryGetValue(table.Key, out var reason) && PersonalTables.Impersonal.Contains(reason);
                if (!impersonal && !ErasureTables.Others.ContainsKey(table.Key)) missing.Add(table.Key);
                continue;
            }

            var all = steps[table.Key].ToList();
            if (all.All(s => s.Treatment == Treatment.Delete)) continue;
            var decided = all.SelectMany(s => s.SetColumns.Concat(s.KeptColumns)).ToHashSet(StringComparer.Ordinal);
            // Of what is anonymised each text is looked at; of what is kept for a law those that name somebody.
            var asked = all.Any(s => s.Treatment == Treatment.Anonymise) ? table.Where(c => c.Text || personal.Contains(c)) : personal;
            missing.AddRange(asked.Where(c => !decided.Contains(c.Column)).Select(c => $"{c.Table}.{c.Column}"));
        }

        Assert.Empty(missing.Order());
        var known = columns.Select(c => $"{c.Table}.{c.Column}").ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(
            ErasureTables.All.SelectMany(s => s.SetColumns.Concat(s.KeptColumns).Select(c => $"{s.Table}.{c}")), c => !known.Contains(c));
        // What is exported as a person's is also erased, or it is said why not.
        var treated = ErasureTables.All.Select(s => s.Table).Concat(ErasureTables.Others.Keys);
        Assert.Empty(PersonalTables.All.Select(t => t.Table).Except(treated));
        Assert.All(ErasureTables.All.Where(s => s.Treatment != Treatment.Delete), s => Assert.NotEqual(KeptFor.Nothing, s.Why));
    }

    [Fact]
    public async Task The_person_is_gone_from_every_column_and_the_log_still_proves_the_rest()
    {
        await LifeAsync();
        var chain = _world.Get<AuditChain>();
        Assert.True(await chain.SealAsync(default) > 0);
        var before = await FindAsync(database.ConnectionString);
        Assert.Contains("visitors", before);
        Assert.Contains("audit_log", before);
        var preview = (await Service.PreviewAsync(Person, _world.As(Who.Admin), default))!;
        Assert.Empty(preview.Bars);
        Assert.Equal((Claim, "Tenant Prueba"), (preview.RequestNumber, preview.Name));

        var asked = await Service.EraseAsync(Person, Sure, _world.As(Who.Admin), default);
        Assert.True(asked.Ok, asked.Error?.Code);
        await RunJobAsync(asked.Value);
        // A job that is run again, as after a failure, changes nothing.
        await RunJobAsync(asked.Value);

        Assert.Empty(await FindAsync(database.ConnectionString));
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var row = await db.Erasures.AsNoTracking().SingleAsync(e => e.Id == asked.Value);
        Assert.Equal((ErasureState.Done, Person, false), (row.State, row.UserId, row.Replayed));
        Assert.Equal(preview.Lines.Where(l => l.Treatment == Treatment.Anonymise).Sum(l => l.Rows), row.Anonymised);
        Assert.True(row.Deleted >= preview.Lines.Where(l => l.Treatment == Treatment.Delete).Sum(l => l.Rows));
        Assert.True(row.Redacted > 0);
        Assert.False(await db.Sessions.AnyAsync(s => s.UserId == Person));
        var request = await db.DataRequests.AsNoTracking().SingleAsync(r => r.Number == Claim);
        Assert.Equal((DataRequestState.Answered, DataRequestOutcome.Partly), (request.State, request.Outcome));
        Assert.Equal(
            Sure.Answer, (await db.DataRequestEntries.SingleAsync(e => e.RequestId == request.Id && e.Kind == DataRequestStep.Answered)).Text);

        // The books are what they were, and so is the seal of the day: who did what is still proven but for the name.
        Assert.Equal(1, await db.Payments.CountAsync(p => p.OwnerId == Row && p.Amount == 120_000));
        Assert.Empty((await chain.CheckAsync(null, default)).Faults);
        var acts = await db.AuditLog.AsNoTracking().Where(e => e.UserId == Person && e.Action == "sign_in").ToListAsync();
        Assert.All(acts, e => Assert.Equal((AuditRedaction.NoName, null), (e.ActorName, e.IpAddress)));
        await database.ExecuteAsync($"UPDATE audit_log SET action = 'sign_out' WHERE user_id = {Person} AND action = 'sign_in'");
        Assert.Contains((await chain.CheckAsync(null, default)).Faults, f => f.Fault == AuditFault.Changed);
        Assert.Equal("erase.done", (await Service.EraseAsync(
            Person, Sure with { Typed = $"Persona suprimida {Person}" }, _world.As(Who.Admin), default)).Error!.Code);
    }

    [Fact]
    public async Task An_older_backup_brings_nobody_back()
    {
        await LifeAsync();
        var options = new BackupOptions { Folder = Path.Combine(_folder, "sets"), Programs = await BackupWorld.ProgramsAsync() };
        var replay = Replay(options);
        var desk = Desk(options, replay);
        var set = await desk.MakeAsync(null, default);

        var asked = await Service.EraseAsync(Person, Sure, _world.As(Who.Admin), default);
        await new ErasureJob(_world.Store, replay, Clock).RunAsync(asked.Value, default);
        var line = Assert.Single(await File.ReadAllLinesAsync(Path.Combine(options.Folder!, ErasureList.FileName)));
        Assert.DoesNotContain("Prueba", line, StringComparison.OrdinalIgnoreCase);

        // As the program restores it: the person is gone before anybody sees the database.
        var restored = await RestoreAsync(desk, set);
        Assert.Equal(1, restored.ErasedAgain);
        Assert.Empty(await FindAsync(restored.To));

        // The list was lost, and the set was restored by hand: the manifest of a later set tells it to the portal that starts.
        var later = await desk.MakeAsync(null, default);
        Assert.Equal(Person, Assert.Single(later.Manifest.Erased!).Account);
        File.Delete(Path.Combine(options.Folder!, ErasureList.FileName));
        var byHand = await RestoreAsync(Desk(options, null), set);
        Assert.NotEmpty(await FindAsync(byHand.To));
        Assert.Equal(1, await replay.InRestoredAsync(byHand.To, options.Folder!, default));
        Assert.Empty(await FindAsync(byHand.To));
        Assert.Equal(0, await replay.InRestoredAsync(byHand.To, options.Folder!, default));

        // The portal that erased them knows it has, and puts its list back.
        Assert.Equal(0, await replay.AtStartAsync(default));
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(options.Folder!, ErasureList.FileName)));
    }

    [Fact]
    public async Task The_list_of_another_building_erases_nobody_here()
    {
        await LifeAsync();
        var options = new BackupOptions { Folder = Path.Combine(_folder, "sets") };
        var list = new ErasureList(options, NullLogger<ErasureList>.Instance);
        var reference = Guid.NewGuid().ToString();
        var elsewhere = Erasure.FingerprintOf(reference, Person, Clock.UtcNow.AddYears(-3));
        await list.AddAsync([new ErasedAccount(reference, Person, elsewhere, Clock.UtcNow)], default);

        Assert.Equal(0, await Replay(options).AtStartAsync(default));
        Assert.NotEmpty(await FindAsync(database.ConnectionString));
    }

    [Fact]
    public async Task While_a_law_or_a_contract_wants_the_data_it_is_refused_with_the_reason()
    {
        var (owner, admin) = (AuthorityWorld.Id(Who.Owner), _world.As(Who.Admin));
        var row = AuthorityWorld.OwnerRow(Who.Owner);
        await database.ExecuteAsync(
            $"""
            INSERT INTO charges (apartment_id, owner_id, kind, concept, amount, issued_on, due_on)
                VALUES ({AuthorityWorld.Apartment}, {row}, 'fee', 'Cuota de enero', 100000, '2026-01-01', '2026-01-10');
            INSERT INTO charges (apartment_id, owner_id, kind, concept, amount, paid, status, issued_on, due_on)
                VALUES ({AuthorityWorld.Apartment}, {row}, 'deposit', 'Depósito Salón', 200000, 200000, 'paid', '2026-01-01', '2026-01-10');
            INSERT INTO pqrs (title, description, category_id, owner_id, status_id, number)
                VALUES ('Gotera', 'Cae agua.', 1, {row}, 1, 'PQRS-2026-000901');
            INSERT INTO visitors (name, identification, host_id, visit_date, state) VALUES ('Adentro', '1', {row}, '2026-11-01', 'inside')
            """);
        var bars = (await Service.PreviewAsync(owner, admin, default))!.Bars;
        Assert.Equal(
            [ErasureDuty.Apartment, ErasureDuty.Debt, ErasureDuty.Money, ErasureDuty.Case, ErasureDuty.Inside, ErasureDuty.Request],
            bars.Select(b => b.Duty));
        Assert.Equal("Depósito Salón", Assert.Single(bars[2].What));
        Assert.Equal("Torre A 101", Assert.Single(bars[0].What));
        Assert.Equal("erase.bar", (await Service.EraseAsync(owner, new("Owner Prueba", null), admin, default)).Error!.Code);
        Assert.Equal(
            [ErasureDuty.Office], (await Service.PreviewAsync(AuthorityWorld.Id(Who.Staff), admin, default))!.Bars.Select(b => b.Duty));
        Assert.Equal([ErasureDuty.Apartment], (await Service.PreviewAsync(Person, admin, default))!.Bars.Select(b => b.Duty));
    }

    [Fact]
    public async Task It_wants_the_name_a_fresh_proof_and_an_answer_and_is_done_once()
    {
        await LifeAsync();
        var admin = _world.As(Who.Admin);
        var wrong = await Service.EraseAsync(Person, new("Tenant", " "), admin, default);
        Assert.Equal(["erase.typed", "required"], wrong.Errors.Select(e => e.Code));
        Assert.Equal(
            "fresh.needed", (await Service.EraseAsync(Person, Sure, admin with { SessionId = 987_654 }, default)).Error!.Code);
        foreach (var who in new[] { Who.Staff, Who.Owner, Who.Guard, Who.Nobody })
            Assert.Equal("forbidden", (await Service.EraseAsync(Person, Sure, _world.As(who), default)).Error!.Code);

        var both = await Task.WhenAll(
            Service.EraseAsync(Person, Sure, admin, default), Service.EraseAsync(Person, Sure, admin, default));
        Assert.Single(both, r => r.Ok);
        Assert.Equal("erase.done", both.Single(r => !r.Ok).Error!.Code);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var job = await db.Jobs.AsNoTracking().SingleAsync(j => j.Kind == ErasureJob.JobKind.Name);
        Assert.True(job.RunAt > Clock.UtcNow.AddSeconds(30), "The mail with the answer goes out first.");
    }

    [Fact]
    public async Task What_is_other_peoples_stays()
    {
        await LifeAsync();
        await database.ExecuteAsync(
            $"""
            INSERT INTO tenants (name, document_number, owner_id, apartment_id) VALUES ('María López', '11223344', {Row}, {AuthorityWorld.Apartment});
            INSERT INTO vehicles (apartment_id, license_plate, vehicle_type_id) SELECT {AuthorityWorld.Apartment}, 'HER456', MIN(id) FROM vehicle_types;
            UPDATE profile SET first_name = 'Tenant', last_name = 'Prueba Pérez' WHERE user_id = {AuthorityWorld.Id(Who.Guard)};
            INSERT INTO notifications (recipient_id, recipient_type, title, message, type)
                VALUES ({AuthorityWorld.Id(Who.Admin)}, 'user', 'Turno', 'Tenant Prueba Pérez recibió el turno', 'x.turn')
            """);
        var asked = await Service.EraseAsync(Person, Sure, _world.As(Who.Admin), default);
        Assert.True(asked.Ok, asked.Error?.Code);
        await RunJobAsync(asked.Value);

        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        foreach (var there in new[]
            {
                "SELECT COUNT(*) AS Value FROM tenants WHERE name = 'María López'",
                "SELECT COUNT(*) AS Value FROM vehicles WHERE license_plate = 'HER456'",
                "SELECT COUNT(*) AS Value FROM notifications WHERE type = 'x.turn'",
            })
            Assert.Equal(1, (await db.Database.SqlQueryRaw<int>(there).ToListAsync())[0]);
    }

    [Fact]
    public async Task What_bars_it_between_the_confirmation_and_the_job_is_seen()
    {
        await LifeAsync();
        var asked = await Service.EraseAsync(Person, Sure, _world.As(Who.Admin), default);
        Assert.True(asked.Ok, asked.Error?.Code);
        await database.ExecuteAsync($"UPDATE occupancies SET ended_on = NULL WHERE owner_id = {Row}");
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunJobAsync(asked.Value));
        Assert.Contains("visitors", await FindAsync(database.ConnectionString));
        await database.ExecuteAsync($"UPDATE occupancies SET ended_on = '2024-06-30' WHERE owner_id = {Row}");
        await RunJobAsync(asked.Value);
        Assert.Empty(await FindAsync(database.ConnectionString));
    }

    private ErasureReplay Replay(BackupOptions options) => new(
        _world.Get<IServiceProvider>(), new ErasureList(options, NullLogger<ErasureList>.Instance), Clock,
        NullLogger<ErasureReplay>.Instance);

    private BackupDesk Desk(BackupOptions options, ErasureReplay? replay) =>
        new(options, () => database.ConnectionString, _world.Get<TimeProvider>(), replay);

    private async Task<(string To, int? ErasedAgain)> RestoreAsync(BackupDesk desk, SetFolder set)
    {
        var name = $"{new MySqlConnectionStringBuilder(database.ConnectionString).Database}_e{_made.Count}";
        _made.Add(name);
        var restored = await desk.RestoreAsync(set, database.ConnectionString, name, null, default);
        return (new MySqlConnectionStringBuilder(database.ConnectionString) { Database = name }.ConnectionString, restored.ErasedAgain);
    }

    private Task RunJobAsync(long id) => _world.Get<IEnumerable<IJobHandler>>().Single(h => h.Kind == ErasureJob.JobKind.Name)
        .RunAsync(System.Text.Json.JsonSerializer.Serialize(id), default);

    /// <summary>Somebody who lived here until two years ago, and left traces everywhere.</summary>
    private Task LifeAsync() => database.ExecuteAsync(
        $"""
        UPDATE occupancies SET ended_on = '2024-06-30' WHERE owner_id = {Row};
        UPDATE profile SET document_number = '52888777', phone = '3105557788', address = 'Calle 99 # 1-2', birth_date = '1980-02-03'
            WHERE user_id = {Person};
        INSERT INTO former_profiles (id, user_id, first_name, last_name, email)
            VALUES (777, {Person}, 'Tenant', 'Prueba', 'tenant@correo.example');
        INSERT INTO visitors (name, identification, host_id, visit_date, state, license_plate, purpose) VALUES
            ('Prima de Tenant Prueba', '99887766', {Row}, '2024-05-01', 'left', 'TEN123', 'Cumpleaños de Tenant Prueba'),
            ('Espera Tenant Prueba', '99887766', {Row}, '2024-05-01', 'announced', NULL, NULL);
        INSERT INTO pets (name, species, owner_id) VALUES ('Mascota de Tenant Prueba', 'dog', {Row});
        INSERT INTO parking (space_number, status_id, user_id, license_plate) VALUES ('T-1', 1, {Person}, 'TEN123');
        INSERT INTO payments (amount, payment_date, status_id, owner_id) VALUES (120000, '2024-03-01', 1, {Row});
        INSERT INTO pqrs (title, description, category_id, owner_id, status_id, number)
            VALUES ('Queja de Tenant Prueba', 'Soy Tenant Prueba, 52888777.', 1, {Row}, 4, 'PQRS-2024-000901');
        INSERT INTO pqrs_tracking (pqrs_id, status_id, user_id, comments, internal)
            SELECT id, 4, {Person}, 'Gracias, Tenant Prueba', 0 FROM pqrs WHERE number = 'PQRS-2024-000901';
        INSERT INTO pqrs_attachments (pqrs_id, file_name, content_type, size, content)
            SELECT id, 'Tenant Prueba.txt', 'text/plain', 13, 'Tenant Prueba' FROM pqrs WHERE number = 'PQRS-2024-000901';
        INSERT INTO notifications (recipient_id, recipient_type, title, message, type) VALUES
            ({Person}, 'owner', 'Hola', 'Hola Tenant Prueba', 'x.y'),
            ({AuthorityWorld.Id(Who.Admin)}, 'user', 'Un caso', 'Tenant Prueba escribió', 'x.y');
        INSERT INTO tenants (name, document_number, email, owner_id, apartment_id)
            VALUES ('Tenant Prueba', '52888777', 'tenant@correo.example', {AuthorityWorld.OwnerRow(Who.Owner)}, {AuthorityWorld.Apartment});
        INSERT INTO data_requests (number, user_id, person_name, kind, text, received_on, counts_from, due_on, noted_on)
            VALUES ('{Claim}', {Person}, 'Tenant Prueba', 'erase', 'Borren a Tenant Prueba', CURRENT_DATE, CURRENT_DATE, CURRENT_DATE, CURRENT_DATE);
        INSERT INTO sessions (user_id, token_hash, stamp, remembered, user_agent, ip_address, created_at, seen_at)
            VALUES ({Person}, REPEAT('t', 64), 's', 0, 'Browser of Tenant Prueba', '203.0.113.77', '2024-05-01', '2024-05-01');
        INSERT INTO audit_log (table_name, record_id, action, old_value, new_value, user_id, actor_name, ip_address, created_at)
            VALUES ('users', {Person}, 'sign_in', NULL, NULL, {Person}, 'Tenant Prueba', '203.0.113.77', '2024-05-01 10:00:00');
        INSERT INTO audit_log (table_name, record_id, action, old_value, new_value, user_id, actor_name, created_at)
            SELECT 'profile', id, 'update', JSON_OBJECT('email', 'tenant@correo.example'), JSON_OBJECT('first_name', 'Tenant Prueba'),
                {AuthorityWorld.Id(Who.Admin)}, 'Admin Prueba', '2024-05-02 10:00:00' FROM profile WHERE user_id = {Person}
        """);

    /// <summary>The tables in which something still says who it was.</summary>
    private static async Task<IReadOnlyList<string>> FindAsync(string connectionString)
    {
        string[] needles = ["Tenant Prueba", "52888777", "tenant@correo", "3105557788", "Calle 99", "TEN123", "99887766", "203.0.113.77"];
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        var columns = new List<(string Table, string Column)>();
        await using (var command = new MySqlCommand(
            """
            SELECT c.table_name, c.column_name FROM information_schema.columns AS c
            INNER JOIN information_schema.tables AS t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
            WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'
                AND c.data_type IN ('char', 'varchar', 'text', 'mediumtext', 'longtext', 'json', 'blob', 'mediumblob', 'longblob')
            ORDER BY c.table_name, c.ordinal_position
            """, connection))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) columns.Add((reader.GetString(0), reader.GetString(1)));
        }

        List<string> found = [];
        foreach (var table in columns.GroupBy(c => c.Table))
        {
            var any = string.Join(" OR ", table.SelectMany(c => needles.Select(n => $"CONVERT(`{c.Column}` USING utf8mb4) LIKE '%{n}%'")));
            await using var command = new MySqlCommand($"SELECT COUNT(*) FROM `{table.Key}` WHERE {any}", connection);
            if (Convert.ToInt64(await command.ExecuteScalarAsync()) > 0) found.Add(table.Key);
        }

        return found;
    }

    [GeneratedRegex("char|text|blob|json")]
    private static partial Regex Texts();
}
