namespace Portal.Tests.Gate;

/// <summary>
/// What the rules make of what terminals deliver, in plain lists and told anew from the design: neither entities nor queries. For people who
/// are known by a document of their own, and passes for one entry.
/// </summary>
internal sealed class GateModel
{
    private sealed record Told(string Kind, int Terminal, DateTime At, string Outcome, Row? Row);

    public sealed class Row
    {
        public required string Name { get; init; }

        public required string State { get; set; }

        public DateTime? In { get; set; }

        public DateTime? Out { get; set; }

        public bool Auto { get; set; }

        public bool Offline { get; set; }

        public bool Doubt { get; set; }

        public SortedSet<string> Flags { get; } = [];

        /// <summary>Terminals that logged the entry.</summary>
        public HashSet<int> By { get; } = [];

        public bool Here(DateTime at) => State == "inside" || Out > at;

        public void Go(DateTime at, bool doubt)
        {
            if (at < In) (at, doubt) = (In.Value, true);
            if (State == "left" && !Auto && Out <= at) return;
            (State, Out, Auto) = ("left", at, false);
            Doubt |= doubt;
        }

        public override string ToString() =>
            $"{Name} {State} {In:dd_HH:mm:ss} {Out:dd_HH:mm:ss}{(Auto ? " auto" : "")}{(Offline ? " offline" : "")}{(Doubt ? " doubt" : "")} {string.Join(' ', Flags)}".TrimEnd();
    }

    private readonly Dictionary<string, Told> _told = [];
    private readonly Dictionary<int, List<(long Seq, DateTime At)>> _last = [];

    public List<Row> Rows { get; } = [];

    public int Events => _told.Count;

    /// <summary>The announced visits come first.</summary>
    public Row Announce(string name)
    {
        var row = new Row { Name = name, State = "announced" };
        Rows.Add(row);
        return row;
    }

    public sealed record Act(
        string Key, int Terminal, long Seq, string Kind, DateTime Said, DateTime Floor, bool Offline, string? Person = null, Row? Pass = null,
        string? Of = null);

    public string Deliver(Act act, DateTime received)
    {
        if (_told.TryGetValue(act.Key, out var known)) return known.Outcome;
        var history = _last.TryGetValue(act.Terminal, out var list) ? list : _last[act.Terminal] = [];
        var floor = history.Where(h => h.Seq < act.Seq).Select(h => h.At).Append(act.Floor).Max();
        if (floor > received) floor = received;
        var at = act.Said > received ? received : act.Said < floor ? floor : act.Said;
        var doubt = (act.Said - at).Duration() > TimeSpan.FromSeconds(2);
        at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
        history.Add((act.Seq, at));
        var (outcome, row) = act.Kind switch
        {
            "enter" when act.Pass is not null => EnterByPass(act, act.Pass, at, doubt),
            "enter" => Enter(act, act.Person!, at, doubt),
            "exit" => Exit(act, at, doubt),
            _ => Undo(act, at),
        };
        _told[act.Key] = new Told(act.Kind, act.Terminal, at, outcome, row);
        return outcome;
    }

    private (string, Row?) EnterByPass(Act act, Row pass, DateTime at, bool doubt)
    {
        var came = Rows.Where(r => r.Name == pass.Name && r.State is "inside" or "left").ToList();
        var twice = came.Find(r => (r.In!.Value - at).Duration() <= TimeSpan.FromSeconds(120) && r.Here(at) && r.By.Contains(act.Terminal));
        if (twice is not null) return ("merged", twice);
        var row = pass.State == "announced" ? pass : new Row { Name = pass.Name, State = "inside" };
        if (row != pass) Rows.Add(row);
        (row.State, row.In, row.Offline, row.Doubt) = ("inside", at, act.Offline, doubt);
        row.By.Add(act.Terminal);
        if (came.Count == 0) return ("applied", row);
        row.Flags.Add("pass_reused");
        return ("conflict", row);
    }

    private (string, Row?) Enter(Act act, string person, DateTime at, bool doubt)
    {
        var mine = Rows.Where(r => r.Name == person && r.State is "inside" or "left").ToList();
        var twice = mine.Find(r => r.In is { } entered && (entered - at).Duration() <= TimeSpan.FromSeconds(120) && r.Here(at) && r.By.Contains(act.Terminal));
        if (twice is not null) return ("merged", twice);
        var row = mine.Where(r => r.In is null && r.Out >= at && r.Out - at <= TimeSpan.FromHours(24)).MinBy(r => r.Out);
        if (row is null)
        {
            row = new Row { Name = person, State = "inside" };
            Rows.Add(row);
        }

        (row.In, row.Offline) = (at, act.Offline);
        row.Doubt |= doubt;
        row.Flags.Remove("exit_without_entry");
        row.By.Add(act.Terminal);
        var others = mine.Where(r => r != row && r.In is not null).ToList();
        foreach (var earlier in others.Where(r => r.In <= at && (r.State == "inside" || (r.Auto && r.Out > at))))
            (earlier.State, earlier.Out, earlier.Auto) = ("left", at, true);
        if (row.State == "inside" && others.Where(r => r.In > at).Min(r => r.In) is { } next)
            (row.State, row.Out, row.Auto) = ("left", next, true);
        return ("applied", row);
    }

    private (string, Row?) Exit(Act act, DateTime at, bool doubt)
    {
        if (act.Of is not null && _told.TryGetValue(act.Of, out var entry) && entry.Row is { State: "inside" or "left" } row) return Gone(row);
        var person = act.Person!;
        var mine = Rows.Where(r => r.Name == person && r.State is "inside" or "left").ToList();
        var before = mine.Where(r => r.In <= at).OrderByDescending(r => r.In).ThenByDescending(r => Rows.IndexOf(r)).ToList();
        if (before.Find(r => r.State == "inside") is { } inside) return Gone(inside);
        if (before.FirstOrDefault() is { } last && (last.Auto || last.Out >= at)) return Gone(last);
        if (mine.Find(r => r.Out is { } went && (went - at).Duration() <= TimeSpan.FromSeconds(120)) is { } again) return Gone(again);
        var orphan = new Row { Name = person, State = "left", Out = at, Doubt = doubt };
        orphan.Flags.Add("exit_without_entry");
        Rows.Add(orphan);
        return ("conflict", orphan);

        (string, Row?) Gone(Row who)
        {
            var applied = who.State == "inside" || who.Auto;
            who.Go(at, doubt);
            return (applied ? "applied" : "merged", who);
        }
    }

    private (string, Row?) Undo(Act act, DateTime at)
    {
        if (!_told.TryGetValue(act.Of!, out var of) || of.Kind == "undo" || of.Outcome == "refused") return ("refused", null);
        if (at - of.At > TimeSpan.FromMinutes(10)) return ("refused", null);
        if (of.Outcome == "merged" || of.Row is not { } row || row.State == "void") return ("merged", of.Row);
        if (of.Kind == "enter" || row.In is null)
        {
            row.State = "void";
            row.Flags.Clear();
            var mine = Rows.Where(r => r.Name == row.Name && r != row && r.State is "inside" or "left").ToList();
            foreach (var closed in mine.Where(r => r.Auto && r.Out == row.In && r.In is not null))
            {
                (closed.State, closed.Out, closed.Auto) = ("inside", null, false);
                if (mine.Where(r => r != closed && r.In > closed.In).Min(r => r.In) is { } next)
                    (closed.State, closed.Out, closed.Auto) = ("left", next, true);
            }

            return ("applied", row);
        }

        if (row.State != "left" || row.Auto || row.Out != of.At) return ("merged", row);
        (row.State, row.Out) = ("inside", null);
        if (Rows.Where(r => r.Name == row.Name && r != row && r.In > row.In && r.State is "inside" or "left").Min(r => r.In) is { } later)
            (row.State, row.Out, row.Auto) = ("left", later, true);
        return ("applied", row);
    }
}
