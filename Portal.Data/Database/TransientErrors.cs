using System.Net.Sockets;
using MySqlConnector;

namespace Portal.Data.Database;

/// <summary>Tells errors that a repetition may cure from those that it cannot.</summary>
public static class TransientErrors
{
    /// <summary>The server rolled the work back to break a conflict; it is known not to have happened.</summary>
    public static bool IsConflict(Exception error) => Chain(error).OfType<MySqlException>().Any(e => e.Number is
        1213        // deadlock
        or 1205     // lock wait time-out
        or 1467     // MariaDB: the deadlock was over a table's next id
        or 1020     // MariaDB with snapshot isolation: the row changed since it was read
        or 3101);   // group replication rolled the transaction back on certification

    /// <summary>
    /// The server takes no changes, which is over in seconds where another one of its group has just been made the one that does: the
    /// connection still leads to the old one.
    /// </summary>
    public static bool IsSwitch(Exception error) => Chain(error).OfType<MySqlException>().Any(e => e.Number is
        1290 or 1836);  // read-only

    /// <summary>The connection is gone, or could not be made.</summary>
    public static bool IsLostConnection(Exception error)
    {
        var chain = Chain(error).ToList();

        // Somebody has waited their time already; and where the pool is exhausted, to repeat would only lengthen the queue.
        if (chain.Any(IsTimeOut)) return false;
        return chain.OfType<MySqlException>().Any(e => e.Number is
                1040 or 1203            // too many connections
                or 1042 or 2002 or 2003 // cannot connect
                or 1053 or 1079         // server is shutting down
                or 1152 or 1158 or 1159 or 1160 or 1161 // network trouble, as the server saw it
                or 1317                 // killed in the middle of a statement; a command's time-out was told apart above
                or 1927 or 4031         // the server closed the connection: killed, idle for too long
                or 2006 or 2013 or 2055)
            // A connection that broke under a command, or under the beginning of a transaction, where the driver wraps nothing.
            || chain.Any(e => e is IOException or SocketException);
    }

    /// <summary>A command took longer than its time, or no connection (to the server, or of the pool) was had in time.</summary>
    public static bool IsTimeOut(Exception error) => error is MySqlException mysql
        && (mysql.ErrorCode == MySqlErrorCode.CommandTimeoutExpired
            || mysql.Message.StartsWith("Connect Timeout expired", StringComparison.Ordinal));

    /// <summary>The server is there, and no connection was free: in the pool, or on the server.</summary>
    public static bool IsCrowded(Exception error) => error is MySqlException mysql
        && (mysql.Number is 1040 or 1203 || mysql.Message.Contains("All pooled connections are in use", StringComparison.Ordinal));

    private static IEnumerable<Exception> Chain(Exception? error)
    {
        for (; error is not null; error = error.InnerException) yield return error;
    }
}
