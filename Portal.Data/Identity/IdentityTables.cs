using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Identity;

internal sealed class UsersTable : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> table)
    {
        table.Ignore(u => u.Email).Ignore(u => u.NormalizedEmail).Ignore(u => u.EmailConfirmed)
            .Ignore(u => u.PhoneNumber).Ignore(u => u.PhoneNumberConfirmed)
            .Ignore(u => u.TwoFactorEnabled).Ignore(u => u.LockoutEnabled);
        table.Property(u => u.UserName).HasColumnName("username").HasMaxLength(50).IsRequired();
        table.Property(u => u.NormalizedUserName).HasColumnName("normalized_username").HasMaxLength(50);
        table.Property(u => u.PasswordHash).HasColumnName("password").HasMaxLength(255).IsRequired();
        table.Property(u => u.SecurityStamp).HasMaxLength(64);
        table.Property(u => u.ConcurrencyStamp).HasMaxLength(64).IsConcurrencyToken();
        table.Property(u => u.LockoutEnd).HasColumnType("timestamp").HasConversion(
            instant => instant == null ? (DateTime?)null : instant.Value.UtcDateTime,
            utc => utc == null ? null : new DateTimeOffset(DateTime.SpecifyKind(utc.Value, DateTimeKind.Utc)));
        table.HasIndex(u => u.UserName).HasDatabaseName("username").IsUnique();
        table.HasIndex([nameof(User.UserName)], "idx_users_username");
        table.HasIndex(u => u.NormalizedUserName).IsUnique().HasDatabaseName("uq_users_normalized_username");
    }
}

internal sealed class SessionsTable : IEntityTypeConfiguration<UserSession>
{
    public void Configure(EntityTypeBuilder<UserSession> table)
    {
        table.HasIndex(s => s.TokenHash).IsUnique().HasDatabaseName("uq_sessions_token_hash");
        table.HasIndex(s => s.SeenAt).HasDatabaseName("idx_sessions_seen");
    }
}

internal sealed class SecondFactorsTable : IEntityTypeConfiguration<SecondFactor>
{
    public void Configure(EntityTypeBuilder<SecondFactor> table)
    {
        table.HasIndex(f => f.UserId).IsUnique().HasDatabaseName("uq_second_factors_user");
        table.Property(f => f.Secret).HasCharSet("ascii").UseCollation("ascii_bin");
        table.Property(f => f.PendingSecret).HasCharSet("ascii").UseCollation("ascii_bin");
    }
}

internal sealed class PasskeysTable : IEntityTypeConfiguration<Passkey>
{
    public void Configure(EntityTypeBuilder<Passkey> table) =>
        table.HasIndex(p => p.CredentialId).IsUnique().HasDatabaseName("uq_passkeys_credential");
}

internal sealed class PasskeyChallengesTable : IEntityTypeConfiguration<PasskeyChallenge>
{
    public void Configure(EntityTypeBuilder<PasskeyChallenge> table)
    {
        table.HasIndex(c => c.ChallengeHash).IsUnique().HasDatabaseName("uq_passkey_challenges_hash");
        table.HasIndex(c => c.ExpiresAt).HasDatabaseName("idx_passkey_challenges_expires");
    }
}

internal sealed class RecoveryCodesTable : IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<RecoveryCode> table) =>
        table.HasIndex(c => new { c.UserId, c.CodeHash }).IsUnique().HasDatabaseName("uq_recovery_codes_user_code");
}

internal sealed class SignInFailuresTable : IEntityTypeConfiguration<SignInFailure>
{
    public void Configure(EntityTypeBuilder<SignInFailure> table)
    {
        table.HasIndex(f => new { f.Subject, f.Source }).IsUnique().HasDatabaseName("uq_sign_in_failures_subject_source");
        table.HasIndex(f => f.LastAt).HasDatabaseName("idx_sign_in_failures_last");
    }
}

internal sealed class AccountCodesTable : IEntityTypeConfiguration<AccountCode>
{
    public void Configure(EntityTypeBuilder<AccountCode> table) => table.HasIndex(c => c.ExpiresAt);
}
