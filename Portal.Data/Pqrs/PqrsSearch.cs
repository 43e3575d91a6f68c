using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Building;
using Portal.Data.Operations;
using Portal.Data.People;

namespace Portal.Data.Pqrs;

/// <summary>
/// Finds cases by their number, by words in what was written, by apartment and by petitioner. Words go through the servers' full-text
/// indexes: each begins a word there, all of them in one text. What the reader may not see does not find either.
/// </summary>
internal static partial class PqrsSearch
{
    /// <summary>Shorter words are in no index (innodb_ft_min_token_size).</summary>
    private const int ShortestWord = 3;

    /// <summary>What InnoDB leaves out of its indexes on either server, of three letters and more.</summary>
    private static readonly HashSet<string> LeftOut = new(StringComparer.OrdinalIgnoreCase)
    {
        "about", "are", "com", "for", "from", "how", "that", "the", "this", "und", "was", "what", "when", "where", "who", "will", "with", "www",
    };

    public static IQueryable<PqrsCase> Matching(
        this IQueryable<PqrsCase> cases, PortalDb db, string search, UnitSearch units, CurrentUser user, int year)
    {
        if (RunningNumber.Read(search, PqrsQueries.Series, year) is { Count: > 0 } numbers)
            return cases.Where(p => numbers.Contains(p.Number!));
        var inUnits = units.Beginning(db).Select(a => a.Id);
        var named = db.Named(search).Select(f => f.UserId);
        // Each from its few apartments and people to their cases, by keys.
        var found = inUnits.Join(db.Pqrs, unit => (long?)unit, p => p.ApartmentId, (_, p) => p.Id)
            .Union(db.Owners.Where(o => named.Contains(o.UserId)).Join(db.Pqrs, o => o.Id, p => p.OwnerId, (_, p) => p.Id));
        if (search.Any(char.IsDigit)) found = found.Union(db.Pqrs.Where(p => p.Number!.Contains(search)).Select(p => p.Id));
        if (Words(search) is { } words)
        {
            found = found
                .Union(db.Pqrs.Where(p =>
                    EF.Functions.IsMatch(new[] { p.Title, p.Description }, words, MySqlMatchSearchMode.Boolean)).Select(p => p.Id))
                .Union(db.PqrsTracking.VisibleTo(user)
                    .Where(t => EF.Functions.IsMatch(t.Comments!, words, MySqlMatchSearchMode.Boolean)).Select(t => t.PqrsId));
        }
        else
        {
            found = found.Union(db.Pqrs.Where(p => p.Title.Contains(search)).Select(p => p.Id));
        }

        // A join, for neither server looks a union up by its key inside IN.
        return cases.Join(found, p => p.Id, id => id, (p, _) => p);
    }

    /// <summary>What is asked of the index: operators stripped, every word required, its end free; null where no word can be asked for.</summary>
    internal static string? Words(string search)
    {
        var words = Word().Matches(search).Select(w => w.Value).Where(w => w.Length >= ShortestWord && !LeftOut.Contains(w)).ToList();
        return words.Count == 0 ? null : string.Join(' ', words.Select(w => $"+{w}*"));
    }

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+")]
    private static partial Regex Word();
}
