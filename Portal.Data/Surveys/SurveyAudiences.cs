using Microsoft.EntityFrameworkCore;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.Surveys;

/// <summary>
/// Whom a survey convenes. Everybody and owners of apartments: each apartment of the towers. Tenants: each that somebody lives in without
/// owning it. Of people: each account in use that owns, or lives in, one of them.
/// </summary>
internal static class SurveyAudiences
{
    private const string Apartments =
        $"""
        SELECT CONCAT('apartment:', a.id) AS respondent, a.id AS apartment_id, NULL AS user_id, COALESCE(a.coefficient, 0) AS coefficient
        FROM apartments AS a
        WHERE {InTowers} AND ({"{1}"} <> 'Tenants' OR a.id IN (SELECT t.apartment_id FROM ({ResidentTies.Sql}) AS t WHERE NOT t.owns))
        """;

    private const string People =
        $"""
        SELECT CONCAT('user:', t.user_id) AS respondent, MIN(a.id) AS apartment_id, t.user_id, 0 AS coefficient
        FROM ({ResidentTies.Sql}) AS t
        INNER JOIN users AS u ON u.id = t.user_id AND u.user_status_id = {"{3}"}
        INNER JOIN apartments AS a ON a.id = t.apartment_id
        WHERE {InTowers} AND ({"{1}"} = 'All' OR t.owns = ({"{1}"} = 'Owners'))
        GROUP BY t.user_id
        """;

    private const string InTowers = "({2} = '' OR FIND_IN_SET(a.tower_id, {2}) > 0)";

    private sealed record Counted(int Convened, decimal Coefficient);

    /// <summary>Writes those it convenes, all at once and in the order of their ids.</summary>
    /// <param name="survey">With its towers.</param>
    /// <returns>How many.</returns>
    public static Task<int> FreezeAsync(PortalDb db, Survey survey, DateOnly today, CancellationToken ct)
    {
        var sql =
            $$"""
            INSERT INTO survey_participants (survey_id, respondent, apartment_id, user_id, coefficient)
            SELECT {4}, f.respondent, f.apartment_id, f.user_id, f.coefficient
            FROM ({{(survey.PerApartment ? Apartments : People)}}) AS f
            ORDER BY f.apartment_id, f.user_id
            """;
        return db.Database.ExecuteSqlRawAsync(
            sql, Values(survey.Audience, survey.Towers.Select(t => t.TowerId), today, survey.Id), ct);
    }

    /// <summary>How many it would convene if it opened now.</summary>
    public static async Task<SurveyReach> CountAsync(
        PortalDb db, SurveyAudience audience, bool perApartment, IEnumerable<int> towers, DateOnly today, CancellationToken ct)
    {
        var sql =
            $$"""
            SELECT CAST(COUNT(*) AS SIGNED) AS Convened, COALESCE(SUM(f.coefficient), 0) AS Coefficient
            FROM ({{(perApartment ? Apartments : People)}}) AS f WHERE {4} = {4}
            """;
        var counted = await db.Database.SqlQueryRaw<Counted>(sql, Values(audience, towers, today, 0)).ToListAsync(ct);
        return new SurveyReach(counted[0].Convened, counted[0].Coefficient);
    }

    private static object[] Values(SurveyAudience audience, IEnumerable<int> towers, DateOnly today, long survey) =>
    [
        today.ToDateTime(TimeOnly.MinValue), audience.ToString(), string.Join(',', towers.Distinct().Order()), (int)UserState.Active, survey,
    ];

    /// <summary>Those under which a person may answer: themselves, or the apartments for which the survey takes their word.</summary>
    public static IQueryable<SurveyParticipant> Of(PortalDb db, CurrentUser user)
    {
        if (user.Id == 0) return db.SurveyParticipants.Where(p => false);
        var (owned, lived) = (user.OwnedApartmentIds, user.ApartmentIds.Except(user.OwnedApartmentIds).ToList());
        var person = $"user:{user.Id}";
        return db.SurveyParticipants.Where(p =>
            p.Respondent == person
            || p.Survey!.PerApartment && p.Survey.Audience != SurveyAudience.Tenants && owned.Contains(p.ApartmentId!.Value)
            || p.Survey!.PerApartment && p.Survey.Audience != SurveyAudience.Owners && lived.Contains(p.ApartmentId!.Value));
    }
}
