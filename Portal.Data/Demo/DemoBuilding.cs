using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Gate;
using Portal.Data.Guards;
using Portal.Data.Identity;

namespace Portal.Data.Demo;

/// <summary>The building, those who work in it and those who live in it.</summary>
internal static class DemoBuilding
{
    public const int Apartments = 248;

    /// <summary>Monthly fee by position on the floor: corner apartments are larger.</summary>
    private static readonly decimal[] Fees = [486_000, 498_500, 505_200, 510_000, 512_000, 531_000, 528_000, 502_000, 515_000, 520_000];

    /// <summary>The people of the story, where they live.</summary>
    private static readonly Dictionary<string, (string First, string Last)> Known = new()
    {
        ["B 1204"] = ("Andrea", "Ruiz Salcedo"),
        ["B 1304"] = ("Rodrigo", "Ávila Torres"),
        ["A 302"] = ("Jorge", "Cárdenas Peña"),
        ["C 1002"] = ("Inversiones La Cabrera", ""),
        ["A 604"] = ("María Fernanda", "Tovar"),
        ["B 305"] = ("Luis Alberto", "Quintero"),
        ["C 401"] = ("Ana Lucía", "Restrepo"),
        ["C 803"] = ("Camilo", "Ospina Vélez"),
        ["A 1101"] = ("Patricia", "Gómez de Lara"),
        ["B 702"] = ("Óscar Iván", "Nieto"),
        ["A 201"] = ("Sandra Milena", "Rojas"),
        ["C 1105"] = ("Hernán Darío", "Muñoz"),
        ["B 402"] = ("Julián", "Echeverri"),
        ["A 903"] = ("Gloria Inés", "Barrera"),
        ["B 1003"] = ("Édgar Alonso", "Pardo"),
    };

    public static async Task WriteAsync(DemoPlan plan, int apartments, CancellationToken ct)
    {
        var layout = apartments == Apartments ? Nogal() : Large(apartments);
        await SettingsAsync(plan, ct);

        var writer = plan.Writer;
        var towers = writer.Into("towers", "id", "name", "description", "floors");
        foreach (var (tower, index) in layout.Select(l => l.Tower).Distinct().Select((t, i) => (t, i)))
        {
            await towers.AddAsync(ct, index + 1, tower, null, layout.Where(l => l.Tower == tower).Max(l => l.Floor));
        }

        await towers.FlushAsync(ct);
        var accounts = new Accounts(plan);
        await StaffAsync(plan, accounts, ct);
        await ResidentsAsync(plan, accounts, layout, ct);
    }

    private static List<(string Tower, int Floor, int Position, string Number)> Nogal() =>
    [
        .. Tower("A", floors: 12, perFloor: 7, groundFloor: 4),
        .. Tower("B", floors: 14, perFloor: 6, groundFloor: 5),
        .. Tower("C", floors: 13, perFloor: 7, groundFloor: 0),
    ];

    private static List<(string Tower, int Floor, int Position, string Number)> Large(int apartments) =>
        [.. Enumerable.Range(1, (apartments + 249) / 250).SelectMany(t => Tower($"{t}", 25, 10, 10)).Take(apartments)];

    private static IEnumerable<(string Tower, int Floor, int Position, string Number)> Tower(
        string name, int floors, int perFloor, int groundFloor) =>
        from floor in Enumerable.Range(1, floors)
        from position in Enumerable.Range(1, floor == 1 ? groundFloor : perFloor)
        select (name, floor, position, $"{floor}{position:00}");

    private static async Task SettingsAsync(DemoPlan plan, CancellationToken ct)
    {
        var settings = plan.Writer.Into("settings", "name", "value");
        foreach (
            var (name, value) in new[]
            {
                ("name", "Mirador del Nogal"),
                ("legal_name", "Conjunto Residencial Mirador del Nogal P. H."),
                ("tax_id", "900.482.617-3"),
                ("address", "Carrera 9 n.º 78-40"),
                ("city", "Bogotá D. C."),
                ("phone", "601 555 0148"),
                ("email", "administracion@miradordelnogal.example"),
                ("public_address", "portal.miradordelnogal.example"),
                ("application_rule", "Primero los intereses, luego el cobro más antiguo (reglamento, artículo 41)."),
                ("signatory_name", "Carolina Mejía"),
                ("signatory_role", "Representante legal"),
                (
                    "how_to_pay",
                    "PSE en el portal, o Bancolombia, cuenta de ahorros 204-118736-51, a nombre del conjunto.\n"
                        + "En la portería no se recibe dinero."),
            }
        )
        {
            await settings.AddAsync(ct, name, value);
        }

        await settings.FlushAsync(ct);
    }

    private static async Task StaffAsync(DemoPlan plan, Accounts accounts, CancellationToken ct)
    {
        plan.Admin = await accounts.AddAsync("Carolina", "Mejía", Roles.Admin, "carolina.mejia", ct);
        plan.Staff = await accounts.AddAsync("Daniela", "Torres Rincón", Roles.Staff, "daniela.torres", ct);
        await accounts.AddAsync("Felipe", "Arango Soto", Roles.Staff, "felipe.arango", ct);
        plan.Guard = await accounts.AddAsync("Wilson", "Cárdenas", Roles.Security, "wilson.cardenas", ct);
        var guards = new List<(DemoPerson Person, Shift Shift)> { (plan.Guard, Shift.Night) };
        foreach (
            var (first, last, shift) in new[]
            {
                ("Blanca Nieves", "Suárez", Shift.Morning),
                ("Jhon Jairo", "Palacios", Shift.Morning),
                ("Yeison", "Mosquera", Shift.Afternoon),
                ("Luz Dary", "Cuesta", Shift.Afternoon),
                ("Norberto", "Ibarra", Shift.Night),
            }
        )
        {
            guards.Add((await accounts.AddAsync(first, last, Roles.Security, Names.Account(first, last), ct), shift));
        }

        plan.Guards.AddRange(guards.Select(guard => guard.Person));
        await accounts.FlushAsync(ct);
        var rows = plan.Writer.Into(
            "guards", "id", "name", "identification", "shift", "arl_number", "eps_number", "phone", "user_id", "arl_expires_on",
            "eps_expires_on");
        foreach (var (person, shift) in guards)
        {
            var id = plan.Writer.NextId("guards");
            plan.Roster.Add((id, person, shift));
            var (document, arl, eps) = (
                plan.Random.Next(19_000_000, 80_000_000), plan.Random.Next(100_000, 999_999), plan.Random.Next(100_000, 999_999));
            var phone = Phone(plan.Random);
            var (arlEnds, epsEnds) = (plan.Random.Next(40, 300), plan.Random.Next(40, 300));
            // One insurance that ends this week, and one that is over.
            if (id == 4) arlEnds = 5;
            if (id == 6) epsEnds = -3;
            await rows.AddAsync(
                ct, id, person.Name, $"{document}", shift, $"ARL-{arl}", $"EPS-{eps}", phone, person.UserId, plan.Today.AddDays(arlEnds),
                plan.Today.AddDays(epsEnds));
        }

        await rows.FlushAsync(ct);
    }

    private static async Task ResidentsAsync(
        DemoPlan plan, Accounts accounts, List<(string Tower, int Floor, int Position, string Number)> layout, CancellationToken ct)
    {
        var random = plan.Random;
        var towerIds = layout.Select(l => l.Tower).Distinct().Select((t, i) => (t, i + 1)).ToDictionary(p => p.t, p => p.Item2);
        var fees = layout.Select(l => Fees[(l.Position - 1) % Fees.Length]).ToList();
        var total = fees.Sum();
        var (billed, given) = (0m, 0m);
        DemoPerson? previous = null;

        for (var i = 0; i < layout.Count; i++)
        {
            var (tower, floor, position, number) = layout[i];
            DemoPerson? owner;
            if (Known.TryGetValue($"{tower} {number}", out var known) && layout.Count == Apartments)
            {
                owner = await accounts.AddOwnerAsync(known.First, known.Last, ct);
            }
            else if (random.Next(60) == 0)
            {
                owner = null;
            }
            else if (random.Next(25) == 0 && previous is not null)
            {
                // Now and then one person owns two.
                owner = previous;
            }
            else
            {
                var (first, last) = Names.Person(random);
                owner = await accounts.AddOwnerAsync(first, last, ct);
            }

            plan.Apartments.Add(new DemoApartment(i + 1, towerIds[tower], tower, number, floor, fees[i], owner));
            previous = owner;
        }

        await accounts.FlushAsync(ct);

        var rows = plan.Writer.Into(
            "apartments", "id", "apartment_number", "status_id", "tower_id", "owner_id", "floor", "coefficient", "area", "monthly_fee");
        var occupancies = plan.Writer.Into("occupancies", "apartment_id", "owner_id", "kind", "started_on");
        var tenants = plan.Writer.Into("tenants", "name", "document_number", "phone", "email", "owner_id", "apartment_id");
        for (var i = 0; i < plan.Apartments.Count; i++)
        {
            var apartment = plan.Apartments[i];
            // Coefficients follow the fee and add up to 100: what rounding leaves goes to the next, never all of it to one.
            billed += apartment.Fee;
            var coefficient = Math.Round(billed / total * 100m, 6) - given;
            given += coefficient;
            var state =
                apartment.Owner is not null ? OccupancyState.Occupied
                : random.Next(3) == 0 ? OccupancyState.UnderMaintenance
                : OccupancyState.Available;
            await rows.AddAsync(
                ct, apartment.Id, apartment.Number, state, apartment.TowerId, apartment.Owner?.OwnerId, apartment.Floor, coefficient,
                Math.Round(apartment.Fee / 6_400m, 1), apartment.Fee);
            if (apartment.Owner is not { } owner) continue;
            await occupancies.AddAsync(ct, apartment.Id, owner.OwnerId, OccupancyKind.Owner, plan.Today.AddDays(-random.Next(800, 5_000)));
            if (random.Next(5) == 0 && !Known.ContainsKey(apartment.ToString()))
            {
                var (first, last) = Names.Person(random);
                await tenants.AddAsync(
                    ct, $"{first} {last}", $"{random.Next(20_000_000, 99_999_999)}", Phone(random),
                    $"{Names.Account(first, last)}@correo.example", owner.OwnerId, apartment.Id);
            }
        }

        await rows.FlushAsync(ct);
        await occupancies.FlushAsync(ct);
        await tenants.FlushAsync(ct);
        plan.Progress.Report($"{plan.Apartments.Count} apartments with their owners");
    }

    public static string Phone(Random random) =>
        $"3{random.Next(0, 3)}{random.Next(0, 10)} {random.Next(200, 999)} {random.Next(1000, 9999)}";

    /// <summary>Accounts and what hangs on them. Two of one name get a number.</summary>
    private sealed class Accounts(DemoPlan plan)
    {
        private readonly HashSet<string> _taken = [];
        private readonly SeedWriter.Table _users = plan.Writer.Into(
            "users", "id", "username", "normalized_username", "password", "user_status_id", "role_id", "security_stamp",
            "concurrency_stamp", "created_at");
        private readonly SeedWriter.Table _profiles = plan.Writer.Into(
            "profile", "user_id", "first_name", "last_name", "email", "phone", "document_type_id", "document_number");
        private readonly SeedWriter.Table _owners = plan.Writer.Into("owners", "id", "user_id", "is_tenant");

        public async Task<DemoPerson> AddAsync(string first, string last, int role, string account, CancellationToken ct)
        {
            var person = new DemoPerson(plan.Writer.NextId("users"), 0, first, last);
            var name = account;
            for (var i = 2; !_taken.Add(name); i++) name = $"{account}{i}";
            await _users.AddAsync(
                ct, person.UserId, name, name.ToUpperInvariant(), plan.PasswordHash, UserState.Active, role,
                $"{plan.Random.NextInt64():x16}", $"{plan.Random.NextInt64():x16}",
                plan.Instant(plan.Today.AddDays(-plan.Random.Next(760, 1200)), 10, 0));
            var company = last.Length == 0;
            var number = first == "Andrea" && last == "Ruiz Salcedo" ? "52418318" : $"{plan.Random.Next(20_000_000, 99_999_999)}";
            await _profiles.AddAsync(
                ct, person.UserId, first, last, $"{name}@correo.example", Phone(plan.Random), company ? 5 : 1,
                company ? $"901{number[..6]}-{number[7]}" : number);
            return person;
        }

        public async Task<DemoPerson> AddOwnerAsync(string first, string last, CancellationToken ct)
        {
            var person = await AddAsync(
                first, last, Roles.Owner, last.Length == 0 ? "inversiones.lacabrera" : Names.Account(first, last), ct);
            person = person with { OwnerId = plan.Writer.NextId("owners") };
            await _owners.AddAsync(ct, person.OwnerId, person.UserId, false);
            return person;
        }

        public async Task FlushAsync(CancellationToken ct)
        {
            await _users.FlushAsync(ct);
            await _profiles.FlushAsync(ct);
            await _owners.FlushAsync(ct);
        }
    }
}
