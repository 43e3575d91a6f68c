using Microsoft.Extensions.Options;
using Portal.Data.Identity;

namespace Portal.Tests.Identity;

public sealed class BcryptTests
{
    // From the test suites of OpenBSD, jBCrypt and Python, and made with the system crypt library: not made by us.
    [Theory]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")]
    [InlineData("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a")]
    [InlineData("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.")]
    [InlineData("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC")]
    [InlineData("rasmuslerdorf", "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq")]
    [InlineData("Contraseña-2019", "$2y$06$abcdefghijklmnopqrstuudN9qsI8fGXKS4ahw1bwWst7eO2xUMEO")]
    [InlineData("Kk4DQuMMfZL9o", "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm")]
    [InlineData("9IeRXmnGxMYbs", "$2b$04$pQ7gRO7e6wx/936oXhNjrOUNOHL1D0h1N2IDbJZYs.1ppzSof6SPy")]
    // The first again with the spare bits of its salt, of its hash and of both set, which mean nothing.
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC/E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCCNE5YPO9kmyuRGyh0XouQYb4YMJKvyOeX")]
    [InlineData("U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeZ")]
    public void A_hash_made_elsewhere_is_recognised(string password, string stored)
    {
        Assert.True(Bcrypt.Verify(stored, password));
        Assert.False(Bcrypt.Verify(stored, password + "x"));
    }

    [Theory]
    [InlineData("$2a$")]
    [InlineData("$2b$")]
    [InlineData("$2y$")]
    public void The_three_prefixes_name_one_computation(string prefix)
    {
        var stored = Bcrypt.Hash("contraseña ñandú", 4);
        Assert.StartsWith("$2b$04$", stored);
        Assert.True(Bcrypt.Verify(prefix + stored[4..], "contraseña ñandú"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("$1$abcdefgh$0123456789012345678901")]
    [InlineData("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe!")]
    public void What_is_no_usable_hash_opens_nothing(string stored)
    {
        Assert.Null(Bcrypt.CostOf(stored));
        Assert.False(Bcrypt.Verify(stored, "U*U"));
    }

    [Fact]
    public void An_old_password_past_72_bytes_still_opens_as_it_did_where_it_was_set()
    {
        // Every implementation reads 72 bytes: the hash of the first 72 is what an older system has of all of them.
        var stored = Bcrypt.Hash(new string('a', 72), 4);
        Assert.True(Bcrypt.Verify(stored, new string('a', 100)));
        Assert.True(Bcrypt.Verify(stored, new string('a', 72)));
        Assert.False(Bcrypt.Verify(stored, new string('a', 71)));
        Assert.True(Bcrypt.IsCut(stored, new string('a', 100)));
        Assert.False(Bcrypt.IsCut(stored, new string('a', 72)));
    }

    [Fact]
    public void A_password_of_64_letters_that_take_128_bytes_is_whole()
    {
        var password = new string('ñ', 64);
        Assert.Empty(PasswordPolicy.Check("áéíóúñ" + new string('ñ', 58), "New"));
        var stored = Bcrypt.Hash(password, 4);
        Assert.StartsWith("$sha384$2b$04$", stored);
        Assert.InRange(stored.Length, 1, 255);
        Assert.Equal(4, Bcrypt.CostOf(stored));
        Assert.True(Bcrypt.Verify(stored, password));
        Assert.False(Bcrypt.Verify(stored, new string('ñ', 63) + "n"));
        Assert.False(Bcrypt.Verify(stored, password[..36]));
        Assert.False(Bcrypt.IsCut(stored, password));

        // What is short is written as everybody writes it, and one is not taken for the other.
        Assert.StartsWith("$2b$04$", Bcrypt.Hash(new string('a', 72), 4));
        Assert.False(Bcrypt.Verify(stored[7..], password));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not a hash")]
    [InlineData("$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm")]
    public async Task A_wrong_password_costs_the_same_whatever_is_stored(string? stored)
    {
        using var work = new PasswordWork(Options.Create(new AccountOptions { BcryptCost = 6 }));
        Assert.Equal(PasswordCheck.Wrong, await work.CheckAsync(stored, "never this one", default));
        Assert.Equal(1 << 6, work.Rounds);
    }

    [Fact]
    public async Task Who_comes_when_too_many_wait_is_told_so_at_once()
    {
        using var work = new PasswordWork(Options.Create(new AccountOptions { BcryptCost = 10, ConcurrentHashes = 1, WaitingHashes = 2 }));
        var checks = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => work.CheckAsync(null, "x", default)));
        Assert.Contains(PasswordCheck.Busy, checks);
        Assert.Equal(3, checks.Count(c => c == PasswordCheck.Wrong));
    }

    [Theory]
    [InlineData("short", "password.short")]
    [InlineData("Contraseña123", "password.common")]
    [InlineData("1234567890", "password.common")]
    [InlineData("aaaaaaaaaaaa", "password.common")]
    [InlineData("Andrea.Ruiz", "password.name")]
    [InlineData("andrearuiz@correo.example", "password.name")]
    [InlineData("andrea.ruiz-2026", "password.name")]
    [InlineData("motherlode123", "password.common")]
    [InlineData("Manchester", "password.common")]
    [InlineData("Conjunto-Residencial-2026", "password.common")]
    [InlineData("Torre B, apto 503", "password.common")]
    [InlineData("la torre del nogal", null)]
    [InlineData("2837465019283", null)]
    public void A_new_password_is_long_and_neither_common_nor_the_name(string password, string? refused)
    {
        var errors = PasswordPolicy.Check(password, "New", "andrea.ruiz", "andrearuiz@correo.example");
        Assert.Equal(refused, errors.FirstOrDefault()?.Code);
    }
}
