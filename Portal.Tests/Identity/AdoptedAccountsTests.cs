using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data.Identity;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

/// <summary>People of an older installation come in with the passwords they have.</summary>
public sealed class AdoptedAccountsTests
{
    [Fact]
    public async Task Accounts_of_an_adopted_database_sign_in_with_their_old_passwords_whatever_wrote_them()
    {
        await using var database = await EmptyDatabase.CreateAsync();
        var tables = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "Portal.Tests", "Schema", "Documents", "documented_tables.sql")
        );
        await database.ExecuteAsync(tables.Split("DELIMITER")[0]);

        // Made with the system's crypt library, as PHP, Python and Node write them; cost 5 and 6.
        await database.ExecuteAsync(
            """
            INSERT INTO user_status (id, name) VALUES (1, 'Active'), (2, 'Inactive'), (3, 'Suspended'), (4, 'Pending');
            INSERT INTO roles (id, name) VALUES (1, 'admin'), (2, 'staff'), (3, 'owner'), (4, 'security');
            INSERT INTO users (id, username, password, user_status_id, role_id) VALUES
                (1, 'de.php', '$2y$06$abcdefghijklmnopqrstuudN9qsI8fGXKS4ahw1bwWst7eO2xUMEO', 1, 1),
                (2, 'de.python', '$2b$05$ABCDEFGHIJKLMNOPQRSTUuC9GsPCQvYNYq24nT.koERAIqA.wyEGG', 1, 3),
                (3, 'de.node', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 1, 3),
                (4, 'inactiva', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 2, 3);
            INSERT INTO profile (user_id, first_name, last_name, email) VALUES (2, 'Ana', 'Peña', 'ana@correo.example');
            """);
        await new Migrator(database.ConnectionString, NullLogger<Migrator>.Instance).ApplyAsync();

        await using var host = new PortalHost(database.ConnectionString, o => o.BcryptCost = 7);
        foreach (
            var (login, password) in new[] { ("de.php", "Contraseña-2019"), ("ana@correo.example", "clave del viejo"), ("DE.NODE", "U*U") }
        )
        {
            var visitor = host.NewVisitor();
            Assert.Equal("/", (await visitor.SignInAsync(login, password)).To);
            Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/account/password")).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await host.NewVisitor().SignInAsync("inactiva", "U*U")).Status);

        // Their hashes were made again at today's cost, and they get in with them as well.
        await using var world = new IdentityWorld(database.ConnectionString, o => o.BcryptCost = 7);
        Assert.Equal(7, Bcrypt.CostOf((await world.ReadAsync(1)).PasswordHash));
        Assert.True((await world.SignInAsync("de.php", "Contraseña-2019")).Ok);

        // The older system goes on adding accounts in its own way.
        await database.ExecuteAsync(
            "INSERT INTO users (id, username, password, user_status_id, role_id) VALUES (9, 'nuevo', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 1, 3)"
        );
        Assert.Equal(9, (await world.SignInAsync("nuevo", "U*U")).Value);
    }
}
