using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;

namespace Portal.Components.Workbench;

/// <summary>Invented rows for the workbench; nothing here reaches a database or a signed-in person.</summary>
internal static class Samples
{
    public sealed record Payment(
        int Id, string? Receipt, DateTime At, string Unit, string Payer, string Method, string Reference, string For, string State,
        decimal Amount);

    private static readonly string[] Payers =
    [
        "Andrea Ruiz",
        "Jorge Cárdenas Peña",
        "Inversiones La Cabrera",
        "María Fernanda Tovar",
        "Luis Alberto Quintero",
        "Ana Lucía Restrepo",
        "Camilo Ospina Vélez",
        "Patricia Gómez de Lara",
        "Óscar Iván Nieto",
        "Sandra Milena Rojas",
        "Hernán Darío Muñoz",
        "Julián Echeverri",
    ];

    private static readonly string[] Methods = ["PSE", "Transferencia", "Efectivo", "Tarjeta"];

    private static readonly string[] States =
    [
        "pending",
        "pending",
        "confirmed",
        "confirmed",
        "voided",
        "confirmed",
        "rejected",
        "confirmed",
        "confirmed",
        "refunded",
    ];

    public static IReadOnlyList<Payment> Payments { get; } =
    [
        .. Enumerable
            .Range(0, 196)
            .Select(index =>
            {
                var state = States[index % States.Length];
                return new Payment(
                    index + 1, state is "pending" or "rejected" ? null : $"RC-2026-{1283 - index:000000}",
                    new DateTime(2026, 11, 20, 9, 52, 0).AddMinutes(-index * 613),
                    $"{(char)('A' + (index % 3))} {((index * 7) % 14) + 1:0}0{(index % 6) + 1}", Payers[index % Payers.Length],
                    Methods[index % Methods.Length], $"{8841 - index} {(index * 137) % 10000:0000}",
                    index % 4 == 0 ? "4 cobros, 2 intereses" : "Cuota de noviembre", state, 24_000 + ((index * 48_611) % 1_180_000));
            }),
    ];

    public static async Task<Page<Payment>> PaymentsAsync(ListQuery query, CancellationToken ct)
    {
        await Task.Delay(query.Search == "lento" ? 3000 : 40, ct);
        if (query.Search == "error")
        {
            throw new InvalidOperationException("The workbench was asked to fail.");
        }

        var states = query.Filter("state")?.Split(',');
        var low = query.FilterNumber("min");
        var high = query.FilterNumber("max");
        var from = query.FilterDate("from");
        var to = query.FilterDate("to");
        var found = Payments.Where(row =>
            (
                query.Search is null
                || $"{row.Receipt} {row.Unit} {row.Payer} {row.Reference}".Contains(query.Search, StringComparison.CurrentCultureIgnoreCase)
            )
            && (states is null || states.Contains(row.State))
            && (low is null || row.Amount >= low)
            && (high is null || row.Amount <= high)
            && (from is null || DateOnly.FromDateTime(row.At) >= from)
            && (to is null || DateOnly.FromDateTime(row.At) <= to)
        );
        Func<Payment, object> key = query.Sort switch
        {
            "unit" => row => row.Unit,
            "payer" => row => row.Payer,
            "amount" => row => row.Amount,
            "state" => row => row.State,
            _ => row => row.At,
        };
        var ordered = (query.Descending ? found.OrderByDescending(key) : found.OrderBy(key)).ThenBy(row => row.Id).ToList();
        return new(ordered.Skip((query.Page - 1) * query.Size).Take(query.Size).ToList(), ordered.Count);
    }

    public static ShellModel Shell(string role)
    {
        string[] owner =
        [
            .. Permissions.All.Where(name => name.EndsWith("_own", StringComparison.Ordinal)),
            Permissions.SurveysAnswer,
            Permissions.NoticesView,
        ];
        string[] guard =
        [
            Permissions.GateView,
            Permissions.GateLog,
            Permissions.PackagesView,
            Permissions.PackagesLog,
            Permissions.ParkingView,
            Permissions.PeopleView,
            Permissions.GuardsView,
            Permissions.NoticesView,
        ];
        return role switch
        {
            "owner" => new(
                "Mirador del Nogal", "Andrea Ruiz", role, "Propietaria", owner, new() { ["pqrs"] = new(1), ["packages"] = new(1) }, 1,
                Unit: "Torre B 1204"),
            "security" => new(
                "Mirador del Nogal", "Wilson Cárdenas", role, "Guarda", guard, new() { ["gate"] = new(2, true), ["packages"] = new(14) },
                0),
            _ => new(
                "Mirador del Nogal", "Carolina Mejía", role, "Administradora", [.. Permissions.All],
                new() { ["pqrs"] = new(2, true), ["payments"] = new(7) }, 4, new DateTime(2026, 11, 20, 2, 0, 0)),
        };
    }
}
