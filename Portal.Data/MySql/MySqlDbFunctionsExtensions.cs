// In EF Core's own namespace, beside EF.Functions.Like and its kin.
namespace Microsoft.EntityFrameworkCore;

/// <summary>
/// Whole units of time from one moment to another, as TIMESTAMPDIFF counts them: 23:59 to 00:01 is 0 days and 0 hours.
/// Negative when <c>to</c> comes first, null when either is null. Only inside queries.
/// </summary>
public static class MySqlDbFunctionsExtensions
{
    public static int? DateDiffYear(this DbFunctions _, DateTime? from, DateTime? to) => throw OnlyInQueries();

    public static int? DateDiffMonth(this DbFunctions _, DateTime? from, DateTime? to) => throw OnlyInQueries();

    public static int? DateDiffDay(this DbFunctions _, DateTime? from, DateTime? to) => throw OnlyInQueries();

    public static int? DateDiffHour(this DbFunctions _, DateTime? from, DateTime? to) => throw OnlyInQueries();

    public static int? DateDiffMinute(this DbFunctions _, DateTime? from, DateTime? to) => throw OnlyInQueries();

    public static long? DateDiffSecond(this DbFunctions _, DateTime? from, DateTime? to) => throw OnlyInQueries();

    public static int? DateDiffYear(this DbFunctions _, DateOnly? from, DateOnly? to) => throw OnlyInQueries();

    public static int? DateDiffMonth(this DbFunctions _, DateOnly? from, DateOnly? to) => throw OnlyInQueries();

    public static int? DateDiffDay(this DbFunctions _, DateOnly? from, DateOnly? to) => throw OnlyInQueries();

    private static InvalidOperationException OnlyInQueries() => new(
        "This function exists only inside a database query. In C#, subtract the two values instead.");
}
