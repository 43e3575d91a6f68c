namespace Portal.Data.Documents;

/// <summary>How long a document is kept. Before that nobody deletes it.</summary>
public static class DocumentRetention
{
    /// <summary>Accounts, budgets and their papers: ten years (Ley 962 of 2005, art. 28).</summary>
    public const int BookYears = 10;

    /// <summary>Minutes are kept for ever (Ley 675 of 2001, art. 47: they are the proof of what was decided).</summary>
    public static bool IsForEver(DocumentKind kind) => kind == DocumentKind.Minutes;

    /// <summary>In years; null: for ever.</summary>
    /// <param name="setting">What the building has decided for all that no law speaks of.</param>
    public static int? Years(DocumentKind kind, int setting) => kind switch
    {
        DocumentKind.Minutes => null,
        DocumentKind.Accounts or DocumentKind.Budget => BookYears,
        _ => setting,
    };

    /// <summary>The first day on which it may be deleted; null: never.</summary>
    /// <param name="lastVersion">The building's day on which its last version came.</param>
    public static DateOnly? Until(DocumentKind kind, DateOnly datedOn, DateOnly lastVersion, int setting) =>
        Years(kind, setting) is { } years ? (datedOn > lastVersion ? datedOn : lastVersion).AddYears(years) : null;
}
