namespace Portal.Data.Notifications;

/// <summary>The groups of notifications about which a person chooses whether they also come by mail.</summary>
public static class NotificationKinds
{
    public const string Reservations = "reservation";
    public const string Payments = "payment";
    public const string Pqrs = "pqrs";
    public const string Packages = "package";

    /// <summary>Somebody at the gate.</summary>
    public const string Gate = "gate";

    /// <summary>Who came in to them; by mail to who asks for it.</summary>
    public const string Visits = "visit";

    /// <summary>Their pets' vaccinations.</summary>
    public const string Pets = "pet";

    /// <summary>Notices to all or many; by mail to who asks for it.</summary>
    public const string Notices = "notice";

    /// <summary>Their own courses, and those of their children.</summary>
    public const string Courses = "course";

    /// <summary>What they asked of their own data.</summary>
    public const string Privacy = "privacy";

    /// <summary>What cannot wait: by mail to all, and nobody's choice.</summary>
    public const string Urgent = "urgent";

    /// <summary>
    /// What the office is to do: cases, bookings to approve. It has the portal open all day, so this comes by mail only to who asks for it.
    /// </summary>
    public const string Work = "work";

    /// <summary>About a resident's own things, in the order of the screen.</summary>
    public static readonly IReadOnlyList<string> OfResidents =
        [Reservations, Payments, Packages, Gate, Visits, Pets, Courses, Pqrs, Notices, Privacy];

    public static bool MailedByItself(string kind) => kind is not (Work or Notices or Visits);

    /// <summary>
    /// A resident's line belongs to the area that its type begins with, everybody else's is work; but a backup that is missing cannot wait.
    /// </summary>
    public static string Of(RecipientType to, string? type) => to == RecipientType.Owner ? (type ?? "").Split('.')[0]
        : type?.StartsWith("urgent.backup", StringComparison.Ordinal) == true ? Urgent
        : Work;
}
