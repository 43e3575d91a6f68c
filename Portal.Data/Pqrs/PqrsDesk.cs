using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Identity;

namespace Portal.Data.Pqrs;

/// <summary>
/// An answer kept ready. Its holes, as <c>{petitioner}</c>, are filled when it is chosen; what stays empty must be filled before sending.
/// </summary>
[Table("pqrs_canned_answers")]
public sealed class PqrsCannedAnswer : Updated
{
    public long Id { get; set; }

    [MaxLength(100)]
    public string Title { get; set; } = "";

    [Column(TypeName = "text")]
    public string Text { get; set; } = "";

    /// <summary>Offered first in cases of it; null: in all alike.</summary>
    public int? CategoryId { get; set; }
    public PqrsCategory? Category { get; set; }
}

/// <summary>A narrowed list that somebody keeps under a name.</summary>
[Table("pqrs_filters")]
public sealed class PqrsFilter : Stamped
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    [MaxLength(40)]
    public string Name { get; set; } = "";

    /// <summary>What stands after the question mark of the list.</summary>
    [MaxLength(500)]
    public string Address { get; set; } = "";

    /// <summary>All who see cases have it.</summary>
    public bool Shared { get; set; }
}

/// <summary>Somebody who gets new cases of a category in turn.</summary>
[Table("pqrs_turns")]
public sealed class PqrsTurn
{
    public long Id { get; set; }

    public int CategoryId { get; set; }
    public PqrsCategory? Category { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    /// <summary>When it was last their turn (UTC); null: not yet.</summary>
    public DateTime? LastAt { get; set; }
}

/// <summary>Somebody has a case before their eyes, or writes in it.</summary>
[Table("pqrs_presence"), NotAudited]
public sealed class PqrsPresence
{
    public long Id { get; set; }

    public long PqrsId { get; set; }
    public PqrsCase? Pqrs { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    public bool Writing { get; set; }

    /// <summary>When their page last said so (UTC).</summary>
    [Column(TypeName = "timestamp")]
    public DateTime SeenAt { get; set; }
}
