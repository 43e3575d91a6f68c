using MySqlConnector;

namespace Portal.Data.Schema;

internal static class ServerErrors
{
    // Numbers of both servers: table, column, key, constraint, trigger exists; column, key or constraint to drop is gone.
    private static readonly HashSet<int> AlreadyDone = [1050, 1051, 1060, 1061, 1068, 1091, 1176, 1304, 1359, 1360, 1826, 3821, 3822, 4031];

    private static readonly string[] Transactional = ["INSERT", "UPDATE", "DELETE", "REPLACE"];

    public static bool SaysAlreadyDone(MySqlException failure) =>
        AlreadyDone.Contains(failure.Number)
        || failure.Number is 1005 or 121 && failure.Message.Contains("121", StringComparison.Ordinal);

    /// <summary>Statements that InnoDB rolls back; everything else commits on its own.</summary>
    public static bool IsTransactional(string statement) =>
        Transactional.Any(verb => statement.StartsWith(verb, StringComparison.OrdinalIgnoreCase));
}
