using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Localization;
using Portal.Areas.Access;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Resources;

namespace Portal.Areas.Audit;

/// <summary>Where what an entry speaks of is to be seen.</summary>
internal static class AuditLink
{
    public static string? To(string table, long? id) => AuditNames.OfTable(table) is { } to && id is { } record ? To(to, record) : null;

    public static string? To(AuditRef to, long id) => to switch
    {
        AuditRef.Person => $"/people/{id}",
        AuditRef.Apartment => $"/units/{id}",
        AuditRef.Facility => $"/facilities/{id}",
        AuditRef.Payment => $"/payments/{id}",
        AuditRef.Case => $"/pqrs/{id}",
        AuditRef.Role or AuditRef.Permission => "/roles",
        _ => null,
    };
}

/// <summary>A change in words: what a column means, whom an id names, a state as its own page says it, a moment in the building's
/// time.</summary>
internal sealed partial class AuditWording(
    IStringLocalizer<AuditWords> words, IStringLocalizer<AccessWords> access, IStringLocalizer<PaymentsWords> payments,
    IStringLocalizer<PqrsWords> cases, IStringLocalizer<FacilitiesWords> bookings, IStringLocalizer<PeopleWords> people,
    BuildingClock clock)
{
    /// <summary>What tells people nothing: keys by which the database finds rows, and when it wrote them.</summary>
    private static readonly HashSet<string> Hidden =
    [
        "id", "created_at", "updated_at", "security_stamp", "normalized_username", "identification_key", "document_number_key",
        "license_plate_key", "number_key", "client_key", "unique_key", "digest", "stamp",
    ];

    /// <summary>The values of both sides in words, without what tells nothing.</summary>
    public IReadOnlyList<AuditLine> Values(AuditDetail detail, AuditAct act) =>
        [
            .. AuditValue.Of(detail.Before, detail.After)
                .Where(value => !Hidden.Contains(value.Name))
                .Select(value => new AuditLine(
                    Field(value.Name), Value(detail.Row.Table, value.Name, value.Before, act),
                    Value(detail.Row.Table, value.Name, value.After, act), Href(detail.Row.Table, value.Name, value.After))),
        ];

    /// <summary>What the row is called; its number where it has no name. Null where it has neither.</summary>
    public string? Record(AuditRow row, AuditAct act) =>
        row.RecordId is not { } id ? null
        : AuditNames.OfTable(row.Table) is { } to && act.Names.TryGetValue((to, id), out var name) ? Named(to, name)
        : id.ToString(CultureInfo.InvariantCulture);

    /// <summary>A name of the database without its underscores: what has no words of its own must be shown, too.</summary>
    public static string Plain(string name) =>
        name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');

    private string Field(string column) =>
        words["field." + column] is { ResourceNotFound: false } found ? found : Plain(column.EndsWith("_id", StringComparison.Ordinal)
            ? column[..^3] : column);

    private string? Value(string table, string column, string? value, AuditAct act)
    {
        if (value is null || value.Length == 0) return null;
        if (AuditNames.Of(table, column) is { } to && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return act.Names.TryGetValue((to, id), out var name) ? Named(to, name) : value;
        if (value is "True" or "False") return words[value == "True" ? "yes" : "no"];
        if (Moment().IsMatch(value) && DateTime.TryParse(
            value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment))
        {
            // What happened is kept in UTC; what was planned is the building's own clock.
            return Formats.DateAndTime(IsInstant(column) ? clock.ToWall(moment) : moment);
        }

        if (DateOnly.TryParseExact(value, "yyyy-MM-dd", out var day)) return Formats.ShortDate(day);
        return column is "status_id" or "user_status_id" or "status" or "state" ? State(table, value) : Other(table, column, value);
    }

    private string Other(string table, string column, string value) =>
        (table, column) switch
        {
            ("charges", "kind") => Or(payments["kind." + value.ToLowerInvariant()], value),
            ("payments", "payment_method_id") => Or(payments["method." + value], value),
            ("charges" or "payments" or "payment_applications", "amount" or "paid" or "owed")
                when decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) => Formats.Money(amount),
            _ => value,
        };

    private string State(string table, string value) => table switch
    {
        "payments" => Or(payments["state." + value.ToLowerInvariant()], value),
        "pqrs" or "pqrs_tracking" => Or(cases["state." + value.ToLowerInvariant()], value),
        "reservations" => Or(bookings["state." + (value == "NoShow" ? "no_show" : value.ToLowerInvariant())], value),
        "users" => Or(people["state." + value.ToLowerInvariant()], value),
        "charges" => Or(bookings["charge." + value.ToLowerInvariant()], value),
        _ => Or(words["state." + value.ToLowerInvariant()], value),
    };

    private string Named(AuditRef to, string name) => to switch
    {
        AuditRef.Role => access.Role(name),
        AuditRef.Permission => access.Permission(name, null),
        _ => name,
    };

    private static string? Href(string table, string column, string? value) =>
        AuditNames.Of(table, column) is { } to && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? AuditLink.To(to, id)
            : null;

    private static bool IsInstant(string column) =>
        column.EndsWith("_at", StringComparison.Ordinal) && column is not ("publish_at" or "opens_at" or "closes_at");

    private static string Or(LocalizedString found, string otherwise) => found.ResourceNotFound ? otherwise : found.Value;

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d")]
    private static partial Regex Moment();
}

/// <summary>One line of a change, in words.</summary>
internal sealed record AuditLine(string Name, string? Before, string? After, string? Href);
