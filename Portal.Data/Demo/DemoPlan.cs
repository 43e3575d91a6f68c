namespace Portal.Data.Demo;

/// <summary>An apartment of the demo, with the one who answers for it.</summary>
internal sealed record DemoApartment(long Id, int TowerId, string Tower, string Number, int Floor, decimal Fee, DemoPerson? Owner)
{
    /// <summary>
    /// As it stands in the number of a charge: B1204, and 1-1102 where the tower's name is a number, for 11-102 is another.
    /// </summary>
    public string Code => char.IsDigit(Tower[^1]) ? $"{Tower}-{Number}" : $"{Tower}{Number}";

    public override string ToString() => $"{Tower} {Number}";
}

/// <summary>A person of the demo with an account.</summary>
/// <param name="OwnerId">Their row in <c>owners</c>; 0 for those who work here.</param>
internal sealed record DemoPerson(long UserId, long OwnerId, string First, string Last)
{
    public string Name => $"{First} {Last}".TrimEnd();
}

/// <summary>
/// What the parts of the demo share. The same day gives the same demo: everything random comes from <see cref="Random"/>.
/// </summary>
internal sealed class DemoPlan(SeedWriter writer, BuildingClock clock, Random random, string passwordHash, IProgress<string> progress)
{
    public SeedWriter Writer { get; } = writer;
    public BuildingClock Clock { get; } = clock;
    public Random Random { get; } = random;
    public string PasswordHash { get; } = passwordHash;
    public IProgress<string> Progress { get; } = progress;

    public DateTime Now { get; } = clock.Now;
    public DateOnly Today { get; } = clock.Today;

    public List<DemoApartment> Apartments { get; } = [];
    public DemoPerson Admin { get; set; } = null!;
    public DemoPerson Staff { get; set; } = null!;
    public DemoPerson Guard { get; set; } = null!;

    /// <summary>All who have an account at the gate, <see cref="Guard"/> among them.</summary>
    public List<DemoPerson> Guards { get; } = [];

    /// <summary>Their rows in <c>guards</c>, with the shift of the day that each works.</summary>
    public List<(long Id, DemoPerson Person, Guards.Shift Shift)> Roster { get; } = [];

    /// <summary>The number of the case of which the bell says that it is late.</summary>
    public string OverdueCase { get; set; } = "";

    private readonly Dictionary<string, DemoApartment> _named = [];

    /// <summary>
    /// By "B 1204". A large demo has no such apartment: then the story takes another in its place, one that somebody owns. To be asked once
    /// all apartments are there.
    /// </summary>
    public DemoApartment Apartment(string name)
    {
        if (_named.TryGetValue(name, out var known)) return known;
        var at = Apartments.FindIndex(a => a.ToString() == name);
        if (at < 0) at = name.Sum(c => c * 31) % Apartments.Count;
        for (var i = 0; Apartments[at].Owner is null && i < Apartments.Count; i++) at = (at + 1) % Apartments.Count;
        return _named[name] = Apartments[at];
    }

    /// <summary>An instant at which the wall clock shows this.</summary>
    public DateTime Instant(DateTime wall) => Clock.ToUtc(wall);

    public DateTime Instant(DateOnly day, int hour, int minute) => Clock.ToUtc(day.ToDateTime(new TimeOnly(hour, minute)));

    /// <summary>The same, or now where that is still to come.</summary>
    public DateTime Until(DateOnly day, int hour, int minute) =>
        Instant(day, hour, minute) is var at && at < Clock.UtcNow ? at : Clock.UtcNow;
}
