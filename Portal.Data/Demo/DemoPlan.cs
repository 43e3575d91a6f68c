namespace Portal.Data.Demo;

/// <summary>An apartment of the demo, with the one who answers for it.</summary>
internal sealed record DemoApartment(long Id, int TowerId, string Tower, string Number, int Floor, decimal Fee, DemoPerson? Owner)
{
    public override string ToString() => $"{Tower} {Number}";
}

/// <summary>A person of the demo with an account.</summary>
/// <param name="OwnerId">His row in <c>owners</c>; 0 for those who work here.</param>
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

    /// <summary>The number of the case of which the bell says that it is late.</summary>
    public string OverdueCase { get; set; } = "";

    /// <summary>By "B 1204". A large demo has no such apartment: then the story takes another in its place.</summary>
    public DemoApartment Apartment(string name)
    {
        var found = Apartments.Find(a => a.ToString() == name);
        return found ?? Apartments[Math.Abs(name.Sum(c => c * 31)) % Apartments.Count];
    }

    /// <summary>An instant at which the wall clock shows this.</summary>
    public DateTime Instant(DateTime wall) => Clock.ToUtc(wall);

    public DateTime Instant(DateOnly day, int hour, int minute) => Clock.ToUtc(day.ToDateTime(new TimeOnly(hour, minute)));
}
