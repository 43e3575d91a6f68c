namespace Portal.Data.Pqrs;

/// <summary>One entry of a case's history, as a report counts it.</summary>
/// <param name="On">The building's day.</param>
/// <param name="State">After it.</param>
/// <param name="DueOn">The last day after it, where the history knows it.</param>
/// <param name="Rating">Where the petitioner rated the resolution with it.</param>
public sealed record PqrsStep(DateOnly On, PqrsState State, DateOnly? DueOn = null, int? Rating = null);

/// <summary>A case with all that a report of a period needs, whenever it is made.</summary>
/// <param name="DueOn">The present last day, for what the history does not know.</param>
/// <param name="Steps">In their order; the first is its filing.</param>
/// <param name="Pauses">All that it ever had.</param>
public sealed record PqrsLife(
    long Id, string Number, string Title, PqrsPlace? Apartment, PqrsKind? Kind, string Category, DateOnly FiledOn, DateOnly? DueOn,
    IReadOnlyList<PqrsStep> Steps, IReadOnlyList<HeldDays> Pauses);

/// <summary>
/// What came of cases in a period, of all or of one kind or category: <c>Opening + Received + Reopened − Resolved = Closing</c>.
/// </summary>
/// <param name="Name">The kind's or category's name; null of all.</param>
/// <param name="Opening">Open when it began.</param>
/// <param name="Received">Filed in it.</param>
/// <param name="Reopened">Resolved before it, and opened again in it.</param>
/// <param name="Resolved">Their last resolution lies in it, and they were not opened again by its end.</param>
/// <param name="Closing">Open at its end.</param>
/// <param name="Overdue">Of these, past their last day.</param>
/// <param name="Waiting">Of these, waiting for the petitioner.</param>
/// <param name="Timed">Of the resolved, those that had a last day.</param>
/// <param name="OnTime">Of these, resolved on it or before.</param>
/// <param name="MeanDays">Business days from the beginning of the count to the resolution, without held ones.</param>
/// <param name="Rated">Of the resolved, how many were rated by its end.</param>
/// <param name="Rating">Their mean, 1 to 5.</param>
public sealed record PqrsFigures(
    string? Name, int Opening, int Received, int Reopened, int Resolved, int Closing, int Overdue, int Waiting, int Timed, int OnTime,
    int Days, decimal? MeanDays, decimal? MedianDays, int Rated, decimal? Rating)
{
    /// <summary>Per cent, half up to a tenth; null where nothing was resolved that had a last day.</summary>
    public decimal? OnTimePercent => Timed == 0 ? null : Math.Round(100m * OnTime / Timed, 1, MidpointRounding.AwayFromZero);
}

/// <summary>A case that was answered late in the period, or was late at its end.</summary>
/// <param name="AnsweredOn">Null: not at the period's end.</param>
/// <param name="Days">Business days used, without held ones.</param>
/// <param name="Given">Business days that it had.</param>
public sealed record PqrsLate(
    long Id, string Number, string Title, PqrsPlace? Apartment, DateOnly FiledOn, DateOnly DueOn, DateOnly? AnsweredOn, int Days, int Given);

/// <summary>One of the months before the chart's last.</summary>
public sealed record PqrsMonth(DateOnly First, int Received, int Resolved, int Closing);

/// <summary>The office's work on cases in a period, as it stood at the end of its last day: what happens later changes nothing.</summary>
/// <param name="States">How many of those filed by the end were in each state then, of those that were open or resolved in it.</param>
public sealed record PqrsPeriod(
    DateOnly From, DateOnly To, PqrsFigures All, IReadOnlyList<PqrsFigures> Kinds, IReadOnlyList<PqrsFigures> Categories,
    IReadOnlyList<(PqrsState State, int Count)> States, IReadOnlyList<PqrsLate> Late)
{
    /// <summary>Works it out of the cases' histories. Cases filed after the end, and what happened after it, are left out.</summary>
    public static PqrsPeriod Of(IEnumerable<PqrsLife> lives, DateOnly from, DateOnly to)
    {
        var cases = lives.Where(l => l.FiledOn <= to).Select(l => new AsOf(l, from, to)).Where(a => a.Concerns).ToList();
        return new PqrsPeriod(
            from, to, Figures(null, cases),
            [.. cases.GroupBy(a => a.Life.Kind).OrderBy(g => g.Key ?? (PqrsKind)99).Select(g => Figures(g.Key?.ToString() ?? "", g))],
            [
                .. cases.GroupBy(a => a.Life.Category).OrderBy(g => g.Key, StringComparer.CurrentCultureIgnoreCase)
                    .Select(g => Figures(g.Key, g)),
            ],
            [.. cases.GroupBy(a => a.State).OrderBy(g => g.Key).Select(g => (g.Key, g.Count()))],
            [.. cases.Select(a => a.Late()).OfType<PqrsLate>().OrderBy(l => l.DueOn).ThenBy(l => l.Id)]);
    }

    private static PqrsFigures Figures(string? name, IEnumerable<AsOf> group)
    {
        var cases = group.ToList();
        var resolved = cases.FindAll(a => a.Resolved);
        var days = resolved.Select(a => a.Days).OfType<int>().Order().ToList();
        var ratings = resolved.Select(a => a.Rating).OfType<int>().ToList();
        var timed = resolved.FindAll(a => a.Due is not null);
        return new PqrsFigures(
            name, cases.Count(a => a.OpenBefore), cases.Count(a => a.Received), cases.Count(a => a.Reopened), resolved.Count,
            cases.Count(a => a.Open), cases.Count(a => a.Overdue), cases.Count(a => a.State == PqrsState.WaitingForPetitioner), timed.Count,
            timed.Count(a => a.DoneOn <= a.Due), days.Sum(), days.Count == 0 ? null : (decimal)days.Sum() / days.Count, Median(days),
            ratings.Count, ratings.Count == 0 ? null : (decimal)ratings.Sum() / ratings.Count);
    }

    private static decimal? Median(List<int> sorted) => sorted.Count switch
    {
        0 => null,
        var n when n % 2 == 1 => sorted[n / 2],
        var n => (sorted[(n / 2) - 1] + sorted[n / 2]) / 2m,
    };

    /// <summary>A case as it stood at the end of a day.</summary>
    private sealed class AsOf
    {
        private readonly DateOnly _from, _to, _start;

        public AsOf(PqrsLife life, DateOnly from, DateOnly to)
        {
            (Life, _from, _to, _start) = (life, from, to, life.FiledOn);
            var active = true;
            foreach (var step in life.Steps.Where(s => s.On <= to))
            {
                var was = active;
                (State, active) = (step.State, PqrsFlow.IsActive(step.State));
                if (step.On < from) OpenBefore = active;
                if (was && !active) DoneOn = step.On;
                if (!was && active)
                {
                    (_start, Rating, DoneOn) = (step.On, null, null);
                    if (step.On >= from) OpenedAgain = true;
                }

                if (step.DueOn is not null) Due = step.DueOn;
                if (step.Rating is not null) Rating = step.Rating;
            }

            // A case filed before the period was open when it began, unless its history says otherwise.
            if (life.FiledOn < from && !life.Steps.Any(s => s.On < from)) OpenBefore = true;
            if (life.FiledOn >= from) OpenBefore = false;
            Due ??= life.DueOn;
        }

        public PqrsLife Life { get; }
        public PqrsState State { get; } = PqrsState.Open;
        public DateOnly? DoneOn { get; }
        public DateOnly? Due { get; }
        public int? Rating { get; }
        public bool OpenBefore { get; }
        private bool OpenedAgain { get; }

        public bool Open => PqrsFlow.IsActive(State);
        public bool Received => Life.FiledOn >= _from;
        public bool Reopened => !OpenBefore && !Received && OpenedAgain;
        public bool Resolved => !Open && (OpenBefore || Received || OpenedAgain);

        /// <summary>What was done before it and stayed so is none of the period's.</summary>
        public bool Concerns => Open || Resolved;

        public bool Overdue => State is PqrsState.Open or PqrsState.InProgress && Due < _to;

        public int? Days => DoneOn is { } done ? BusinessDays.Between(_start, done, Held(done)) : null;

        public PqrsLate? Late() => Due is not { } due || !(Overdue || (Resolved && DoneOn > due)) ? null : new PqrsLate(
            Life.Id, Life.Number, Life.Title, Life.Apartment, Life.FiledOn, due, DoneOn,
            BusinessDays.Between(_start, DoneOn ?? _to, Held(DoneOn ?? _to)), BusinessDays.Between(_start, due, Held(due)));

        /// <summary>One that ended later was still held then.</summary>
        private List<HeldDays> Held(DateOnly until) =>
            [.. Life.Pauses.Where(p => p.From <= until.AddDays(1)).Select(p => p.Until > until.AddDays(1) ? p with { Until = null } : p)];
    }
}
