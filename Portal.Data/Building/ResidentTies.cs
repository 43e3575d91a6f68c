namespace Portal.Data.Building;

/// <summary>Who is tied to which apartment, as <see cref="CurrentUser"/> knows it of one person: for statements that speak of many.</summary>
internal static class ResidentTies
{
    /// <summary>Account, apartment, and whether it is theirs; <c>{0}</c> is the building's day.</summary>
    public const string Sql =
        """
        SELECT o.user_id, a.id AS apartment_id, (o.is_tenant IS NULL OR o.is_tenant = 0) AS owns
        FROM owners AS o INNER JOIN apartments AS a ON a.owner_id = o.id
        UNION
        SELECT o.user_id, c.apartment_id, c.kind = 'owner'
        FROM owners AS o INNER JOIN occupancies AS c ON c.owner_id = o.id
        WHERE c.started_on <= {0} AND (c.ended_on IS NULL OR c.ended_on >= {0})
        """;
}
