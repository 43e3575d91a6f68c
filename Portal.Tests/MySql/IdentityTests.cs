using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Tests.MySql;

/// <summary>ASP.NET Core Identity, unchanged, with its own model: what a stranger's program would do with the provider.</summary>
public sealed class IdentityTests(ProviderDatabase database) : IClassFixture<ProviderDatabase>, IAsyncLifetime
{
    private const string Schema = """
        CREATE TABLE AspNetUsers (Id VARCHAR(255) PRIMARY KEY, UserName VARCHAR(256), NormalizedUserName VARCHAR(256) UNIQUE, Email VARCHAR(256),
          NormalizedEmail VARCHAR(256), EmailConfirmed TINYINT(1) NOT NULL, PasswordHash LONGTEXT, SecurityStamp LONGTEXT, ConcurrencyStamp LONGTEXT,
          PhoneNumber LONGTEXT, PhoneNumberConfirmed TINYINT(1) NOT NULL, TwoFactorEnabled TINYINT(1) NOT NULL, LockoutEnd DATETIME(6) NULL,
          LockoutEnabled TINYINT(1) NOT NULL, AccessFailedCount INT NOT NULL);
        CREATE TABLE AspNetRoles (Id VARCHAR(255) PRIMARY KEY, Name VARCHAR(256), NormalizedName VARCHAR(256) UNIQUE, ConcurrencyStamp LONGTEXT);
        CREATE TABLE AspNetUserRoles (UserId VARCHAR(255), RoleId VARCHAR(255), PRIMARY KEY (UserId, RoleId),
          FOREIGN KEY (UserId) REFERENCES AspNetUsers (Id) ON DELETE CASCADE, FOREIGN KEY (RoleId) REFERENCES AspNetRoles (Id) ON DELETE CASCADE);
        CREATE TABLE AspNetUserClaims (Id INT AUTO_INCREMENT PRIMARY KEY, UserId VARCHAR(255) NOT NULL, ClaimType LONGTEXT, ClaimValue LONGTEXT,
          FOREIGN KEY (UserId) REFERENCES AspNetUsers (Id) ON DELETE CASCADE);
        CREATE TABLE AspNetRoleClaims (Id INT AUTO_INCREMENT PRIMARY KEY, RoleId VARCHAR(255) NOT NULL, ClaimType LONGTEXT, ClaimValue LONGTEXT,
          FOREIGN KEY (RoleId) REFERENCES AspNetRoles (Id) ON DELETE CASCADE);
        CREATE TABLE AspNetUserLogins (LoginProvider VARCHAR(128), ProviderKey VARCHAR(128), ProviderDisplayName LONGTEXT, UserId VARCHAR(255) NOT NULL,
          PRIMARY KEY (LoginProvider, ProviderKey), FOREIGN KEY (UserId) REFERENCES AspNetUsers (Id) ON DELETE CASCADE);
        CREATE TABLE AspNetUserTokens (UserId VARCHAR(255), LoginProvider VARCHAR(128), Name VARCHAR(128), Value LONGTEXT,
          PRIMARY KEY (UserId, LoginProvider, Name), FOREIGN KEY (UserId) REFERENCES AspNetUsers (Id) ON DELETE CASCADE);
        """;

    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        await database.ExecuteAsync(Schema);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDataProtection();
        services.AddDbContext<AccountsDb>(options => options.UseMySql(database.ConnectionString, mysql => mysql.EnableRetryOnFailure()));
        services.AddIdentityCore<IdentityUser>(options => options.User.RequireUniqueEmail = true)
            .AddRoles<IdentityRole>().AddEntityFrameworkStores<AccountsDb>().AddDefaultTokenProviders();
        _services = services.BuildServiceProvider();
    }

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task The_whole_of_Identity_works()
    {
        await using (var scope = _services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
            var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>();
            Succeeds(await roles.CreateAsync(new IdentityRole("Admin")));
            Succeeds(await roles.AddClaimAsync((await roles.FindByNameAsync("admin"))!, new Claim("permission", "x")));

            var ana = new IdentityUser("ana") { Email = "ana@example.org" };
            Succeeds(await users.CreateAsync(ana, "Secr3t!pass"));
            Assert.False((await users.CreateAsync(new IdentityUser("ANA") { Email = "other@example.org" }, "Secr3t!pass")).Succeeded);
            Assert.False((await users.CreateAsync(new IdentityUser("bea") { Email = "ANA@example.org" }, "Secr3t!pass")).Succeeded);
            Succeeds(await users.AddToRoleAsync(ana, "Admin"));
            Succeeds(await users.AddClaimsAsync(ana, [new Claim("a", "1"), new Claim("b", "2")]));
            Succeeds(await users.ReplaceClaimAsync(ana, new Claim("a", "1"), new Claim("a", "3")));
            Succeeds(await users.AddLoginAsync(ana, new UserLoginInfo("provider", "key", "Provider")));
            Succeeds(await users.SetAuthenticationTokenAsync(ana, "provider", "refresh", "token"));
            Succeeds(await users.SetLockoutEndDateAsync(ana, new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.FromHours(-5))));
        }

        await using (var scope = _services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
            var ana = (await users.FindByEmailAsync("Ana@Example.org"))!;
            Assert.Equal(ana.Id, (await users.FindByLoginAsync("provider", "key"))!.Id);
            Assert.True(await users.CheckPasswordAsync(ana, "Secr3t!pass"));
            Assert.False(await users.CheckPasswordAsync(ana, "wrong"));
            Assert.True(await users.IsInRoleAsync(ana, "Admin"));
            Assert.Equal(["Admin"], await users.GetRolesAsync(ana));
            Assert.Equal(["ana"], (await users.GetUsersInRoleAsync("Admin")).Select(x => x.UserName));
            Assert.Equal(["a=3", "b=2"], (await users.GetClaimsAsync(ana)).Select(c => $"{c.Type}={c.Value}").Order());
            Assert.Equal(["ana"], (await users.GetUsersForClaimAsync(new Claim("b", "2"))).Select(x => x.UserName));
            Assert.Equal("token", await users.GetAuthenticationTokenAsync(ana, "provider", "refresh"));
            Assert.True(await users.IsLockedOutAsync(ana));
            Assert.Equal(new DateTimeOffset(2040, 1, 1, 5, 0, 0, TimeSpan.Zero), ana.LockoutEnd);
            Succeeds(await users.SetLockoutEndDateAsync(ana, DateTimeOffset.MaxValue));
            Succeeds(await users.SetLockoutEndDateAsync(ana, null));
            Succeeds(await users.AccessFailedAsync(ana));
            var token = await users.GeneratePasswordResetTokenAsync(ana);
            Succeeds(await users.ResetPasswordAsync(ana, token, "N3w!secret"));
            Assert.False((await users.ResetPasswordAsync(ana, token, "An0ther!secret")).Succeeded);
            Succeeds(await users.RemoveFromRoleAsync(ana, "Admin"));
        }

        await using (var scope = _services.CreateAsyncScope())
        await using (var other = _services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
            var others = other.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
            var (mine, theirs) = ((await users.FindByNameAsync("ana"))!, (await others.FindByNameAsync("ana"))!);
            Succeeds(await users.SetPhoneNumberAsync(mine, "1"));
            Assert.Contains((await others.SetPhoneNumberAsync(theirs, "2")).Errors, e => e.Code == nameof(IdentityErrorDescriber.ConcurrencyFailure));
            Succeeds(await users.DeleteAsync(mine));
            Assert.Null(await users.FindByNameAsync("ana"));
        }
    }

    private static void Succeeds(IdentityResult result) => Assert.True(result.Succeeded, result.ToString());

    private sealed class AccountsDb(DbContextOptions<AccountsDb> options) : IdentityDbContext<IdentityUser>(options);
}
