using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Schema;

public sealed class ModelCheckTests(TestDatabase migrated) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task The_model_and_the_migrated_database_agree_in_everything()
    {
        await using var db = Open(migrated.ConnectionString);

        Assert.Empty(await ModelCheck.DifferencesAsync(db, migrated.ConnectionString, extras: true));
    }

    [Fact]
    public async Task Every_kind_of_difference_is_named_and_stops_the_start()
    {
        await using var changed = await EmptyDatabase.CreateAsync();
        await new Migrator(changed.ConnectionString, Microsoft.Extensions.Logging.Abstractions.NullLogger<Migrator>.Instance).ApplyAsync();
        await changed.ExecuteAsync("""
            SET foreign_key_checks = 0;
            ALTER TABLE visitors DROP COLUMN purpose, MODIFY name VARCHAR(150) NULL;
            ALTER TABLE payments DROP FOREIGN KEY fk_payments_owner, DROP INDEX idx_payments_date;
            ALTER TABLE parking DROP INDEX uq_parking_space_number, ADD INDEX uq_parking_space_number (space_number);
            ALTER TABLE towers MODIFY id INT NOT NULL;
            DROP TABLE pets
            """);
        await using var db = Open(changed.ConnectionString);

        var refusal = await Assert.ThrowsAsync<SchemaException>(() => ModelCheck.EnsureAsync(db, changed.ConnectionString));

        Assert.Equal(
        [
            "column towers.id is the generated key in the model and not AUTO_INCREMENT in the database",
            "column visitors.name is NULL in the database, NOT NULL in the model",
            "column visitors.name is varchar(150) in the database, varchar(200) in the model",
            "column visitors.purpose is missing",
            "foreign key fk_payments_owner (payments (owner_id) to owners (id)) is missing",
            "index idx_payments_date on payments (payment_date) is missing",
            "index uq_parking_space_number is on parking (space_number) in the database, on unique parking (space_number) in the model",
            "table pets is missing",
        ], refusal.Message.Split("\n- ").Skip(1).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_an_adopted_database_has_besides_is_no_difference()
    {
        await using var richer = await EmptyDatabase.CreateAsync();
        await new Migrator(richer.ConnectionString, Microsoft.Extensions.Logging.Abstractions.NullLogger<Migrator>.Instance).ApplyAsync();
        await richer.ExecuteAsync(
            "ALTER TABLE users ADD COLUMN theme VARCHAR(10) NULL, ADD INDEX their_own (created_at); CREATE TABLE elevators (id INT PRIMARY KEY)"
        );
        await using var db = Open(richer.ConnectionString);

        await ModelCheck.EnsureAsync(db, richer.ConnectionString);

        Assert.Equal(2, (await ModelCheck.DifferencesAsync(db, richer.ConnectionString, extras: true)).Count);
    }

    private static PortalDb Open(string connectionString) =>
        new(new DbContextOptionsBuilder<PortalDb>().UseDatabase(connectionString).Options);
}
