using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.AspNetCore.Identity;

namespace Portal.Data.Access;

/// <summary>The four documented roles, by id. Others may be added as data; what a role may do is data too.</summary>
public static class Roles
{
    public const int Admin = 1;
    public const int Staff = 2;
    public const int Owner = 3;
    public const int Security = 4;
}

[Table("roles")]
public sealed class Role : IdentityRole<int>
{
    [Column(TypeName = "text")]
    public string? Description { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? CreatedAt { get; set; }

    /// <summary>Who has the role needs a second step at the sign-in.</summary>
    public bool TwoStepRequired { get; private set; }

    /// <summary>
    /// Days that somebody has who has none yet, from when it was asked for or the account was made; 0: from the next page on.
    /// </summary>
    public int TwoStepGraceDays { get; private set; } = 7;

    /// <summary>Since when (UTC) it is asked for.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? TwoStepSince { get; private set; }

    /// <summary>Asks for a second step from now on.</summary>
    public void RequireTwoStep(int graceDays, DateTime now)
    {
        if (!TwoStepRequired) TwoStepSince = now;
        (TwoStepRequired, TwoStepGraceDays) = (true, graceDays);
    }

    /// <summary>Asks for none any more; who has one keeps it.</summary>
    public void WaiveTwoStep() => (TwoStepRequired, TwoStepSince) = (false, null);
}

[Table("permissions")]
public sealed class Permission : Stamped
{
    public long Id { get; set; }

    /// <summary><c>module.action</c>, as in <see cref="Permissions"/>.</summary>
    [MaxLength(100)]
    public string Name { get; set; } = "";

    [Column(TypeName = "text")]
    public string? Description { get; set; }

    [MaxLength(50)]
    public string? Module { get; set; }

    [MaxLength(50)]
    public string? Action { get; set; }
}

[Table("role_permissions")]
public sealed class RolePermission : Stamped
{
    public long Id { get; set; }

    public int RoleId { get; set; }
    public Role? Role { get; set; }

    public long PermissionId { get; set; }
    public Permission? Permission { get; set; }
}

[Table("modules")]
public sealed class Module : Stamped
{
    public int Id { get; set; }

    [MaxLength(50)]
    public string Name { get; set; } = "";

    [Column(TypeName = "text")]
    public string? Description { get; set; }

    /// <summary>Off, its permissions count as given to nobody. See <see cref="ModuleService"/>.</summary>
    public bool Enabled { get; set; } = true;
}
