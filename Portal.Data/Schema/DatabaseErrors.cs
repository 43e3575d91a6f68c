using System.Text.RegularExpressions;
using MySqlConnector;

namespace Portal.Data.Schema;

/// <summary>The one place where what the database refuses becomes something a person can be told.</summary>
internal static partial class DatabaseErrors
{
    /// <summary>The refusal behind an exception, or null where it is a fault.</summary>
    public static Error? Refusal(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is MySqlException mysql && Refusal(mysql) is { } refusal) return refusal;
        }

        return null;
    }

    private static Error? Refusal(MySqlException exception) => exception.Number switch
    {
        1062 => new Error("duplicate." + (Key().Match(exception.Message) is { Success: true } m ? m.Groups[1].Value : "key")),
        1451 => new Error("in_use"),
        1452 => new Error("gone"),
        3819 or 4025 => new Error("check"),
        1406 => new Error("too_long"),
        1264 => new Error("out_of_range"),
        _ => null,
    };

    // MySQL names the table too ('users.username'), MariaDB does not.
    [GeneratedRegex(@"for key '(?:[^'.]+\.)?([^']+)'")]
    private static partial Regex Key();
}
