using System.Net;
using System.Text.RegularExpressions;
using Portal.Data.Identity;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Schema;

/// <summary>
/// Opens everything that the authority matrix knows an address for, as an administrator, an owner and a guard of an adopted building, and
/// for each thing there is of the kind. What fails is said by its address: a status, or an error that the portal logged while it answered
/// (a list that cannot be loaded says so on a page that is there).
/// </summary>
internal sealed partial class EveryPage(OlderDatabase building)
{
    private const string Password = "a password for all three";

    /// <summary>What anybody may open without a building, and pages whose opening ends a session.</summary>
    private static readonly HashSet<string> Aside =
    [
        "/error", "/forbidden", "/not-found", "/status/400", "/status/403", "/status/404", "/status/{Code:int}", "/sign-in", "/sign-out",
        "/sign-in/code", "/setup", "/account/activate", "/account/forgot", "/account/was-it-you", "/v", "/health/live", "/health/ready",
    ];

    /// <summary>Whose ids an address carries, by its beginning.</summary>
    private static readonly Dictionary<string, string> Ids = new()
    {
        ["/reservations/series/"] = "reservation_series",
        ["/reservations/"] = "reservations",
        ["/gate/incidents/photos/"] = "gate_incident_photos",
        ["/gate/incidents/"] = "gate_incidents",
        ["/api/webhooks/"] = "webhooks",
        ["/pets/"] = "pets",
        ["/pqrs/attachments/"] = "pqrs_attachments",
        ["/pqrs/"] = "pqrs",
        ["/payments/refunds/"] = "refunds",
        ["/payments/proofs/"] = "payment_proofs",
        ["/payments/online/"] = "(SELECT code AS id FROM online_payments) AS online",
        ["/sandbox/pay/"] = "(SELECT code AS id FROM online_payments WHERE id = 0) AS sandbox",
        ["/payments/"] = "payments",
        ["/collection/certificates/"] = "certificates",
        ["/collection/agreements/"] = "agreements",
        ["/collection/"] = "apartments",
        ["/people/"] = "users",
        ["/units/"] = "apartments",
        ["/account/privacy/"] = "data_requests",
        ["/privacy/erase/"] = "users",
        ["/privacy/"] = "data_requests",
        ["/account/"] = "apartments",
        ["/facilities/"] = "facilities",
        ["/book/"] = "facilities",
        ["/surveys/"] = "surveys",
        ["/notices/files/"] = "notice_files",
        ["/notices/"] = "notices",
        ["/documents/versions/"] = "document_versions",
        ["/documents/uploads/"] = "document_uploads",
        ["/documents/"] = "documents",
        ["/assemblies/receipts/"] = "assembly_receipts",
        ["/assemblies/"] = "assemblies",
        ["/visits/entries/"] = "visitors",
        ["/visits/"] = "passes",
        ["/approve/"] = "gate_approvals",
        ["/p/"] = "(SELECT token AS id FROM passes) AS tokens",
        ["/gate/approvals/"] = "(SELECT client_key AS id FROM gate_approvals) AS asked",
        ["/wall/"] = "(SELECT projector_token AS id FROM assemblies) AS walls",
        ["/fines/"] = "fines",
        ["/expenses/payments/"] = "expense_payments",
        ["/expenses/files/"] = "expense_files",
        ["/expenses/"] = "expenses",
        ["/budget/"] = "budgets",
        ["/ledger/accounts/"] = "ledger_accounts",
        ["/ledger/entries/"] = "journal_entries",
        ["/maintenance/assets/"] = "assets",
        ["/maintenance/orders/files/"] = "work_order_files",
        ["/maintenance/orders/quotes/"] = "(SELECT id FROM work_order_quotes WHERE content IS NOT NULL) AS papers",
        ["/maintenance/orders/"] = "work_orders",
        ["/maintenance/inspections/"] = "(SELECT id FROM inspections WHERE content IS NOT NULL) AS papers",
        ["/programmes/courses/"] = "courses",
        ["/programmes/participants/"] = "participants",
        ["/programmes/sessions/"] = "course_sessions",
        ["/programmes/reports/"] = "enrolments",
        ["/programmes/mine/"] = "enrolments",
        ["/bank/"] = "(SELECT id FROM ledger_accounts WHERE purpose IN ('bank', 'fund_bank')) AS banks",
    };

    /// <summary>What stands in the sound rows of the building, and on which page of the administrator.</summary>
    private static readonly Dictionary<string, string[]> Sound = new()
    {
        ["/people"] = ["Lucía", "Peña"],
        ["/units"] = ["Torre A", "Torre B"],
        ["/towers"] = ["Torre A", "Torre B"],
        ["/payments"] = ["Jorge"],
        ["/facilities"] = ["Salón sano", "Cancha sana"],
        ["/pqrs"] = ["Gotera"],
        ["/gate/log"] = ["Visita Sana", "Visita Breve"],
        ["/guards"] = ["Guarda Sano"],
        ["/pets"] = ["Mascota Sana"],
        ["/surveys"] = ["Piscina"],
        ["/notifications"] = ["Aviso sano"],
    };

    /// <summary>Pages that show other rows under another address, and the sound rows there.</summary>
    private static readonly Dictionary<string, string[]> Further = new()
    {
        ["/reservations?view=day&day=2034-03-01"] = ["Salón sano"],
        ["/reservations?view=week&day=2034-03-01"] = ["Salón sano"],
        ["/reservations?view=month&day=2034-03-01"] = ["Salón sano"],
        ["/reservations?view=week&day=2024-03-01"] = ["Salón sano"],
        ["/reservations?view=list"] = [],
        ["/reservations?view=queue"] = [],
        ["/reservations?view=waits"] = [],
        ["/reservations/report?period=other&from=2024-03-01&to=2024-03-31"] = ["Salón sano"],
        ["/payments/new?apartment=100"] = [],
        ["/parking?view=list"] = ["S1-20"],
        ["/payments?sort=date"] = ["Jorge"],
        ["/people?sort=-name"] = ["Lucía"],
    };

    private readonly LoggedErrors _errors = new();

    public async Task<IReadOnlyList<string>> ProblemsAsync()
    {
        var hash = Bcrypt.Hash(Password, Bcrypt.LowestCost);
        await building.ExecuteAsync($"UPDATE users SET password = '{hash}', user_status_id = 1 WHERE id IN (11, 12, 14)");
        await building.ExecuteAsync("UPDATE modules SET enabled = 1");
        await using var host = new PortalHost(building.ConnectionString, log: _errors);
        var problems = new List<string>();
        foreach (var (who, login) in new[] { (Who.Admin, "lucia.ramirez"), (Who.Owner, "jorge.peña"), (Who.Guard, "rosa.guarda") })
        {
            var visitor = host.NewVisitor("es");
            var entered = await visitor.SignInAsync(login, Password);
            if (entered.To is null) problems.Add($"{login} cannot sign in");
            var further = who == Who.Admin ? Further.Keys.Select(address => (address, true)) : [];
            foreach (var (pattern, isPage) in Addresses(who).Concat(further))
            {
                foreach (var address in await OfAllAsync(pattern))
                {
                    if (await ProblemAsync(visitor, address, mustOpen: isPage && who == Who.Admin) is { } problem)
                        problems.Add($"{who} {address}: {problem}");
                }
            }
        }

        return problems;
    }

    private static IEnumerable<(string Pattern, bool IsPage)> Addresses(Who who) =>
        AreaMatrix.All.SelectMany(area => area.Entries.OfType<WebEntry>())
            .Where(entry => entry.Allowed.Contains(who))
            .Select(entry => entry.Address.Split(' '))
            .Where(parts => parts[0] is "PAGE" or "GET" && !Aside.Contains(parts[1]))
            .Where(parts => !parts[1].StartsWith("/calendar/", StringComparison.Ordinal))
            .Select(parts => (parts[1], parts[0] == "PAGE"))
            .Distinct()
            .OrderBy(address => address.Item1, StringComparer.Ordinal);

    private async Task<IReadOnlyList<string>> OfAllAsync(string pattern)
    {
        if (Parameter().Match(pattern) is not { Success: true } parameter) return [pattern];
        var table = Ids.Where(pair => pattern.StartsWith(pair.Key, StringComparison.Ordinal)).OrderByDescending(pair => pair.Key.Length)
            .Select(pair => pair.Value).FirstOrDefault()
            ?? throw new InvalidOperationException($"EveryPage.Ids does not say whose ids stand in {pattern}.");
        var ids = await building.ListAsync($"SELECT id FROM {table} ORDER BY id");
        return [.. ids.Select(id => pattern.Replace(parameter.Value, id, StringComparison.Ordinal))];
    }

    private async Task<string?> ProblemAsync(Visitor visitor, string address, bool mustOpen)
    {
        _errors.Said.Clear();
        var seen = await visitor.GetAsync(address);
        if (!_errors.Said.IsEmpty) return string.Join(" | ", _errors.Said);
        if ((int)seen.Status >= 500 || mustOpen && seen.Status != HttpStatusCode.OK) return $"{(int)seen.Status} {seen.To}";
        if (!mustOpen) return null;
        var sound = Sound.GetValueOrDefault(address) ?? Further.GetValueOrDefault(address) ?? [];
        var missing = sound.Where(text => !seen.Text.Contains(text, StringComparison.Ordinal)).ToList();
        return missing.Count == 0 ? null : $"does not show {string.Join(", ", missing)}";
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
