using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Assemblies;

namespace Portal.Data.Demo;

/// <summary>
/// Two assemblies: an extraordinary one of five weeks ago with its act out, and the one that is called for the coming weeks, to which the
/// owner of B 1204 has not given a proxy yet.
/// </summary>
internal static class DemoAssemblies
{
    private const int Past = 1, Coming = 2;

    // A stream of its own: who attends does not change the rest of the demo.
    private const int Seed = 675;

    private sealed record Item(
        string Title, VoteThreshold Threshold, VoteBasis Basis, string? Article, decimal? Amount, string? Text = null);

    private static readonly Item[] Decided =
    [
        new("Verificación del cuórum", VoteThreshold.Informative, VoteBasis.Coefficient, null, null),
        new("Elección de presidente y secretaria", VoteThreshold.Majority, VoteBasis.Unit, "Ley 675, art. 37; C-522 de 2002", null),
        new("Informe del ascensor 2 de la torre A", VoteThreshold.Informative, VoteBasis.Coefficient, null, null),
        new(
            "¿Reparar el ascensor 2 de la torre A con el fondo de imprevistos?", VoteThreshold.Majority, VoteBasis.Coefficient,
            "Ley 675, art. 45", 68_500_000, "Tres cotizaciones; la elegida incluye un año de garantía."),
        new("Cuota extraordinaria para la fachada", VoteThreshold.Qualified, VoteBasis.Coefficient, "Ley 675, art. 46", 412_000_000),
        new("Normas de la zona de mascotas", VoteThreshold.Majority, VoteBasis.Unit, "Ley 675, art. 37; C-522 de 2002", null),
        new("Proposiciones de los propietarios", VoteThreshold.Informative, VoteBasis.Coefficient, null, null),
    ];

    private static readonly Item[] Planned =
    [
        new("Verificación del cuórum", VoteThreshold.Informative, VoteBasis.Coefficient, null, null),
        new("Elección de presidente y secretario", VoteThreshold.Majority, VoteBasis.Unit, "Ley 675, art. 37; C-522 de 2002", null),
        new("Informe de la administración", VoteThreshold.Informative, VoteBasis.Coefficient, null, null),
        new("Ajuste del presupuesto", VoteThreshold.Majority, VoteBasis.Coefficient, "Ley 675, art. 45", 1_284_000_000),
        new("Paneles solares en la cubierta de la torre B", VoteThreshold.Qualified, VoteBasis.Coefficient, "Ley 675, art. 46",
            186_000_000),
        new("Elección de un suplente del consejo", VoteThreshold.Majority, VoteBasis.Unit, "Ley 675, art. 53", null),
    ];

    public static async Task WriteAsync(DemoPlan plan, PortalDb db, CancellationToken ct)
    {
        var day = plan.Today.AddDays(-35);
        var meets = day.ToDateTime(new TimeOnly(19, 0));
        var published = plan.Instant(day.AddDays(12), 10, 30);
        var coming = plan.Today.AddDays(24).ToDateTime(new TimeOnly(18, 30));
        var act = $"ACT-{day.AddDays(12).Year}-000001";
        var random = new Random(Seed);
        var assemblies = plan.Writer.Into(
            "assemblies", "id", "number", "kind", "mode", "title", "place", "meets_at", "called_by", "state", "revision", "convened_at",
            "delivered_at", "opened_at", "closed_at", "published_at", "total", "president", "secretary", "minutes", "act_number",
            "verification_code", "projector_token", "created_at");
        var later = coming.Year == day.Year ? 2 : 1;
        await assemblies.AddAsync(
            ct, Past, $"AS-{day.Year}-000001", AssemblyKind.Extraordinary, AssemblyMode.InPerson,
            "Asamblea extraordinaria: ascensor y fachada",
            "Salón social", meets, AssemblyCaller.Administrator, AssemblyState.Published, 1, plan.Instant(day.AddDays(-15), 9, 0),
            plan.Instant(day.AddDays(-15), 9, 5), plan.Instant(day, 19, 0), plan.Instant(day, 21, 5), published, 100m,
            "Patricia Gómez de Lara", "Rosa Elvira Pinzón",
            "La administradora explicó las tres cotizaciones del ascensor.\n"
            + "Se dejó constancia de que la cuota de la fachada no se abrió: lo representado no alcanzaba el 70 %.",
            act, Code(random), Token(random), plan.Instant(day.AddDays(-16), 9, 0));
        await assemblies.AddAsync(
            ct, Coming, string.Create(CultureInfo.InvariantCulture, $"AS-{coming.Year}-{later:000000}"), AssemblyKind.Extraordinary,
            AssemblyMode.InPerson, "Asamblea extraordinaria: presupuesto y cubierta", "Salón social",
            coming, AssemblyCaller.Administrator, AssemblyState.Convened, 1,
            plan.Instant(plan.Today.AddDays(-1), 9, 0), plan.Instant(plan.Today.AddDays(-1), 9, 5),
            null, null, null, null, null, null, null, null, null, Token(random), plan.Instant(plan.Today.AddDays(-4), 9, 0));
        await assemblies.FlushAsync(ct);
        await SequencesAsync(plan, day, coming, later, ct);

        var items = plan.Writer.Into(
            "assembly_items", "id", "assembly_id", "position", "title", "text", "amount", "threshold", "basis", "article", "done_at");
        for (var i = 0; i < Decided.Length; i++)
        {
            var presented = Decided[i].Threshold == VoteThreshold.Informative;
            await items.AddAsync(
                ct, i + 1, Past, i + 1, Decided[i].Title, Decided[i].Text, Decided[i].Amount, Decided[i].Threshold, Decided[i].Basis,
                Decided[i].Article, presented ? plan.Instant(meets.AddMinutes(12 + i * 15)) : null);
        }

        for (var i = 0; i < Planned.Length; i++)
            await items.AddAsync(
                ct, 100 + i, Coming, i + 1, Planned[i].Title, Planned[i].Text, Planned[i].Amount, Planned[i].Threshold, Planned[i].Basis,
                Planned[i].Article, null);
        await items.FlushAsync(ct);

        var owners = plan.Apartments.Where(a => a.Owner is not null).ToList();
        await InvitationsAsync(plan, owners, random, ct);
        await plan.Writer.ExecuteAsync(
            $"""
            INSERT INTO assembly_units (assembly_id, apartment_id, unit, owner_id, owner, coefficient)
            SELECT {Past}, a.id, CONCAT(t.name, ' ', a.apartment_number), a.owner_id, CONCAT(p.first_name, ' ', p.last_name), a.coefficient
            FROM apartments AS a
            INNER JOIN towers AS t ON t.id = a.tower_id
            LEFT JOIN owners AS o ON o.id = a.owner_id
            LEFT JOIN profile AS p ON p.user_id = o.user_id
            ORDER BY t.name, a.apartment_number, a.id
            """,
            ct);
        await plan.Writer.ExecuteAsync(
            string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO assembly_debtors (assembly_id, apartment_id, owner)
            SELECT s.id, a.id, CONCAT(p.first_name, ' ', p.last_name)
            FROM assemblies AS s
            INNER JOIN apartments AS a ON EXISTS (
                SELECT 1 FROM charges AS c WHERE c.apartment_id = a.id AND c.status = 'open' AND c.owed > 0
                    AND c.kind IN ('fee', 'extra_fee') AND c.due_on < DATE(s.convened_at))
            LEFT JOIN owners AS o ON o.id = a.owner_id
            LEFT JOIN profile AS p ON p.user_id = o.user_id
            ORDER BY s.id, a.id
            """),
            ct);
        await MeetAsync(plan, owners, day, random, ct);
        await CountAsync(plan, ct);
        await ActAsync(plan, db, act, ct);
        plan.Progress.Report("assemblies");
    }

    private static string Token(Random random)
    {
        var key = new byte[16];
        random.NextBytes(key);
        return Convert.ToHexStringLower(key);
    }

    private static async Task SequencesAsync(DemoPlan plan, DateOnly day, DateTime coming, int later, CancellationToken ct)
    {
        var sequences = plan.Writer.Into("sequences", "name", "year", "last_number");
        if (later == 1) await sequences.AddAsync(ct, AssemblyDesk.Series, day.Year, 1);
        await sequences.AddAsync(ct, AssemblyDesk.Series, coming.Year, later);
        await sequences.AddAsync(ct, AssemblyActs.Series, day.AddDays(12).Year, 1);
        await sequences.FlushAsync(ct);
    }

    private static async Task InvitationsAsync(DemoPlan plan, List<DemoApartment> owners, Random random, CancellationToken ct)
    {
        const string Letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
        var invitations = plan.Writer.Into("assembly_invitations", "assembly_id", "user_id", "code");
        var seen = new HashSet<string>();
        foreach (var assembly in new[] { Past, Coming })
        {
            foreach (var user in owners.Select(a => a.Owner!.UserId).Distinct().Order())
            {
                string code;
                do
                {
                    var letters = string.Concat(Enumerable.Range(0, 8).Select(_ => Letters[random.Next(Letters.Length)]));
                    code = $"{letters[..4]}-{letters[4..]}";
                }
                while (!seen.Add(code));
                await invitations.AddAsync(ct, assembly, user, code);
            }
        }

        await invitations.FlushAsync(ct);
    }

    /// <summary>Some six of ten units came, one of eight by proxy; most of them voted.</summary>
    private static async Task MeetAsync(DemoPlan plan, List<DemoApartment> owners, DateOnly day, Random random, CancellationToken ct)
    {
        var attendance = plan.Writer.Into(
            "assembly_attendance", "id", "assembly_id", "apartment_id", "arrives", "user_id", "person", "proxy_id", "way", "recorded_by",
            "created_at");
        var proxies = plan.Writer.Into(
            "assembly_proxies", "id", "assembly_id", "apartment_id", "giver", "holder_user_id", "holder", "holder_document", "code",
            "on_paper", "given_by", "live", "created_at");
        var votes = plan.Writer.Into(
            "assembly_votes", "id", "assembly_id", "item_id", "standing", "running", "opened_at", "closes_at", "closed_at", "closed_after",
            "quorum");
        var receipts = plan.Writer.Into(
            "assembly_receipts", "id", "vote_id", "submission", "code", "voter", "at_desk", "cast_by", "created_at");
        var ballots = plan.Writer.Into(
            "assembly_ballots", "id", "vote_id", "apartment_id", "choice", "receipt_id", "attendance_id", "created_at");
        var here = new List<(DemoApartment Unit, DemoPerson By, long Line)>();
        var (line, proxy) = (0L, 0L);
        DemoPerson? before = null;
        foreach (var unit in owners.OrderBy(u => u.Owner!.UserId).ThenBy(u => u.Id))
        {
            // Who owns several comes with all of them.
            if (here.Count > 0 && here[^1].Unit.Owner == unit.Owner && here[^1].By == unit.Owner)
            {
                here.Add((unit, unit.Owner!, ++line));
                continue;
            }

            var comes = random.Next(100);
            if (comes < 58)
            {
                here.Add((unit, unit.Owner!, ++line));
                before = unit.Owner;
            }
            else if (comes < 66 && before is not null && before != unit.Owner)
            {
                here.Add((unit, before, ++line));
                await proxies.AddAsync(
                    ct, ++proxy, Past, unit.Id, unit.Owner!.Name, before.UserId, before.Name, $"{52_000_000 + before.UserId}",
                    Code(random), true, plan.Staff.UserId, true, plan.Instant(day.AddDays(-2), 11, 0));
            }
        }

        await proxies.FlushAsync(ct);
        var given = 0L;
        foreach (var (unit, by, id) in here)
        {
            var mine = by == unit.Owner;
            await attendance.AddAsync(
                ct, id, Past, unit.Id, true, by.UserId, by.Name, mine ? null : ++given, ArrivalWay.List, plan.Staff.UserId,
                plan.Instant(day.ToDateTime(new TimeOnly(19, 0)).AddSeconds(id * 9)));
        }

        await attendance.FlushAsync(ct);
        (int Item, int Minute, int Yes, int No)[] asked = [(2, 35, 88, 4), (4, 60, 61, 27), (6, 90, 41, 46)];
        var (vote, receipt, ballot) = (0L, 0L, 0L);
        foreach (var (item, minute, _, _) in asked)
            await votes.AddAsync(
                ct, ++vote, Past, item, true, null, At(minute), At(minute + 5), At(minute + 5), line, 0m);
        await votes.FlushAsync(ct);
        vote = 0;
        foreach (var (_, minute, yes, no) in asked)
        {
            vote++;
            foreach (var person in here.GroupBy(h => h.By.UserId).OrderBy(g => g.Key))
            {
                if (random.Next(100) < 4) continue;
                var at = plan.Instant(day.ToDateTime(new TimeOnly(19, 0)).AddMinutes(minute).AddSeconds(random.Next(280)));
                var key = new byte[16];
                random.NextBytes(key);
                await receipts.AddAsync(
                    ct, ++receipt, vote, new Guid(key).ToString(), Code(random), person.First().By.Name, false, person.Key, at);
                var said = random.Next(100);
                var choice = said < yes ? BallotChoice.Yes : said < yes + no ? BallotChoice.No : BallotChoice.Abstain;
                foreach (var (unit, _, id) in person) await ballots.AddAsync(ct, ++ballot, vote, unit.Id, choice, receipt, id, at);
            }
        }

        await receipts.FlushAsync(ct);
        await ballots.FlushAsync(ct);

        DateTime At(int minute) => plan.Instant(day.ToDateTime(new TimeOnly(19, 0)).AddMinutes(minute));
    }

    private static string Code(Random random)
    {
        const string Letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
        var letters = string.Concat(Enumerable.Range(0, 8).Select(_ => Letters[random.Next(Letters.Length)]));
        return $"{letters[..4]}-{letters[4..]}";
    }

    /// <summary>What each vote came to, counted from its ballots as the portal counts.</summary>
    private static async Task CountAsync(DemoPlan plan, CancellationToken ct)
    {
        await plan.Writer.ExecuteAsync(
            $"""
            UPDATE assemblies AS s SET s.total = (SELECT SUM(u.coefficient) FROM assembly_units AS u WHERE u.assembly_id = s.id),
                s.updated_at = s.updated_at WHERE s.id = {Past}
            """,
            ct);
        await plan.Writer.ExecuteAsync(
            $"""
            UPDATE assembly_votes AS v
            INNER JOIN assembly_items AS i ON i.id = v.item_id
            INNER JOIN (
                SELECT b.vote_id,
                    SUM(CASE WHEN b.choice = 'yes' THEN u.coefficient ELSE 0 END) AS yes, SUM(CASE WHEN b.choice = 'no' THEN u.coefficient ELSE 0 END) AS no,
                    SUM(CASE WHEN b.choice = 'abstain' THEN u.coefficient ELSE 0 END) AS abstained,
                    SUM(b.choice = 'yes') AS yes_units, SUM(b.choice = 'no') AS no_units, SUM(b.choice = 'abstain') AS abstained_units
                FROM assembly_ballots AS b
                INNER JOIN assembly_units AS u ON u.assembly_id = {Past} AND u.apartment_id = b.apartment_id
                GROUP BY b.vote_id
            ) AS c ON c.vote_id = v.id
            INNER JOIN (
                SELECT SUM(u.coefficient) AS represented, COUNT(*) AS units
                FROM assembly_attendance AS a
                INNER JOIN assembly_units AS u ON u.assembly_id = a.assembly_id AND u.apartment_id = a.apartment_id
                WHERE a.assembly_id = {Past}
            ) AS r
            SET v.yes = c.yes, v.no = c.no, v.abstained = c.abstained, v.represented = r.represented, v.quorum = r.represented,
                v.yes_units = c.yes_units, v.no_units = c.no_units, v.abstained_units = c.abstained_units, v.represented_units = r.units,
                v.passed = IF(i.basis = 'unit', c.yes_units * 2 > r.units, c.yes * 2 > r.represented)
            """,
            ct);
    }

    private static async Task ActAsync(DemoPlan plan, PortalDb db, string number, CancellationToken ct)
    {
        var assembly = await db.Assemblies.AsNoTracking().SingleAsync(a => a.Id == Past, ct);
        var facts = await AssemblyActs.FactsAsync(db, plan.Clock, await AssemblySnapshot.OfAsync(db, assembly, ct), ct);
        await plan.Writer.Into("issued_papers", "number", "facts", "created_at")
            .AddAndFlushAsync(ct, number, JsonSerializer.Serialize(facts), assembly.PublishedAt!.Value);
    }
}
