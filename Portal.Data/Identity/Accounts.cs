using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Access;

namespace Portal.Data.Identity;

public enum UserState { Active = 1, Inactive = 2, Suspended = 3, Pending = 4 }

[Table("user_status")]
public sealed class UserStatus : Lookup<UserState>;

/// <summary>
/// An account, as ASP.NET Identity sees it, on the documented <c>users</c> table. Its e-mail address stands in <c>profile</c>.
/// </summary>
[Table("users")]
public sealed class User : IdentityUser<long>
{
    public UserState UserStatusId { get; set; }
    public UserStatus? UserStatus { get; set; }

    /// <summary>The one role of the account.</summary>
    public int RoleId { get; set; }
    public Role? Role { get; set; }

    /// <summary>The language the person chose (<c>es</c> or <c>en</c>); null follows the browser.</summary>
    [MaxLength(5)]
    public string? Language { get; set; }

    public bool MustChangePassword { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? LastSignInAt { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? CreatedAt { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? UpdatedAt { get; set; }
}

[StoredByName]
public enum AccountCodeKind { Activation, Reset }

/// <summary>A one-time code handed to a person to activate an account or set a new password. Only its hash is kept.</summary>
[Table("account_codes")]
public sealed class AccountCode : Stamped
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    public AccountCodeKind Kind { get; set; }

    [Secret, MaxLength(64)]
    public string CodeHash { get; set; } = "";

    [Column(TypeName = "timestamp")]
    public DateTime ExpiresAt { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? UsedAt { get; set; }
}

/// <summary>A key with which cookies are protected, shared by all portals on one database.</summary>
[Table("data_protection_keys"), NotAudited]
public sealed class DataProtectionKey
{
    public int Id { get; set; }

    [MaxLength(100)]
    public string? FriendlyName { get; set; }

    [Column(TypeName = "text")]
    public string Xml { get; set; } = "";
}
