using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;
using MySqlConnector;

namespace Portal.Data.Database;

/// <summary>Why the database did not do what it was asked, through no fault of whoever asked.</summary>
public enum Outage
{
    /// <summary>It cannot be reached, or does not answer in time.</summary>
    Away,

    /// <summary>It has too much to do: no connection was free, or others held the same rows at each attempt.</summary>
    Busy,

    /// <summary>It answers but takes no changes: read-only for maintenance, or a replica.</summary>
    ReadOnly,

    /// <summary>It has no room left.</summary>
    Full,

    /// <summary>It went away at the moment of saving: nobody can say yet whether it was saved.</summary>
    Unknown,
}

/// <summary>Tells an outage from a fault of the program.</summary>
public static class Outages
{
    /// <summary>How the code of every refusal begins that is an outage.</summary>
    internal const string Codes = "database.";

    /// <summary>The outage behind an exception; null where it is something else.</summary>
    public static Outage? Of(Exception exception)
    {
        // The outermost says most: an unknown commit has a lost connection inside.
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (One(e) is { } outage) return outage;
        }

        return exception is RetryLimitExceededException ? Outage.Away : null;
    }

    /// <summary>The code of the refusal that a person is given for it.</summary>
    public static string Code(this Outage outage) => outage switch
    {
        Outage.ReadOnly => "database.read_only",
        Outage.Full => "database.full",
        Outage.Unknown => "database.unknown",
        Outage.Busy => "database.busy",
        _ => "database.away",
    };

    private static Outage? One(Exception exception) => exception switch
    {
        CommitUnknownException => Outage.Unknown,
        DatabaseAwayException => Outage.Away,
        DatabaseBusyException => Outage.Busy,
        MySqlException { Number: 1290 or 1792 or 1836 } => Outage.ReadOnly,

        // 3 and 1026: an error writing a file; 1021: the disk is full; 1114: the table is; 1598: the binary log cannot be written; 1030: of
        // the storage engine, whose own number stands in the text.
        MySqlException { Number: 3 or 1021 or 1026 or 1114 or 1598 } => Outage.Full,
        MySqlException { Number: 1030 } e when e.Message.Contains("rror 28", StringComparison.Ordinal)
            || e.Message.Contains("rror 135", StringComparison.Ordinal) => Outage.Full,
        MySqlException { Number: 1180 } e when e.Message.Contains("rror 28", StringComparison.Ordinal) => Outage.Full,
        MySqlException when TransientErrors.IsConflict(exception) || TransientErrors.IsCrowded(exception) => Outage.Busy,
        DbException when TransientErrors.IsTimeOut(exception) || TransientErrors.IsLostConnection(exception) => Outage.Away,
        _ => null,
    };
}

/// <summary>The database is known to be away, so it was not even asked: nobody waits again for what nobody got just now.</summary>
public sealed class DatabaseAwayException() : Exception("The database does not answer at the moment.");

/// <summary>So many wait for the database already that another one would wait in vain; it was not asked.</summary>
public sealed class DatabaseBusyException() : Exception("The database has more to do than it gets done.");
