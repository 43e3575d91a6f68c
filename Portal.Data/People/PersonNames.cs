using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data.People;

/// <summary>
/// Finds people by name as it is said: some of its words, in any order, each from its beginning; <c>munoz</c> finds Muñoz, and
/// <c>Ruiz Mejía Andrea</c> Andrea Ruiz Mejía. The fulltext index of <c>profile</c> answers; it is blind to accents as the columns are.
/// </summary>
internal static class PersonNames
{
    /// <summary>The index knows words from this length on (<c>innodb_ft_min_token_size</c>).</summary>
    private const int ShortestIndexed = 3;

    private const int MostWords = 6;

    /// <summary>The profiles that have all words typed; none where no letter was typed.</summary>
    public static IQueryable<Profile> Named(this PortalDb db, string? typed)
    {
        var words = Words(typed);
        if (words.Count == 0) return db.Profiles.Where(p => false);
        var indexed = words.FindAll(w => w.Length >= ShortestIndexed);
        var pattern = string.Join(' ', indexed.Select(w => $"+{w}*"));
        var found = indexed.Count == 0
            ? db.Profiles.AsQueryable()
            : db.Profiles.FromSql($"SELECT * FROM profile WHERE MATCH (first_name, last_name) AGAINST ({pattern} IN BOOLEAN MODE)");
        foreach (var word in words.Where(w => w.Length < ShortestIndexed))
        {
            var (first, later) = ($"{word}%", $"% {word}%");
            found = found.Where(p =>
                EF.Functions.Like(p.FirstName, first)
                || EF.Functions.Like(p.FirstName, later)
                || EF.Functions.Like(p.LastName, first)
                || EF.Functions.Like(p.LastName, later)
            );
        }

        return found.AsNoTracking();
    }

    /// <summary>The accounts of those named so, at most <paramref name="most"/>, in the order of the alphabet.</summary>
    public static Task<List<long>> AccountsNamedAsync(this PortalDb db, string? typed, int most, CancellationToken ct) =>
        db.Named(typed)
            .OrderBy(p => p.LastName)
            .ThenBy(p => p.FirstName)
            .ThenBy(p => p.Id)
            .Select(p => p.UserId)
            .Take(most)
            .ToListAsync(ct);

    /// <summary>Runs of letters and digits: what the fulltext index takes for words, and nothing it takes for an operator.</summary>
    internal static List<string> Words(string? typed)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var letter in $"{typed?.Normalize()} ")
        {
            if (char.IsLetterOrDigit(letter))
            {
                word.Append(letter);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words.Count <= MostWords ? words : words[..MostWords];
    }
}
