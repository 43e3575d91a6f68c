namespace Portal.Data.Assemblies;

/// <summary>
/// What Ley 675 of 2001 says about an assembly as it is planned: shown beside the form, and asked again when it is called.
/// </summary>
public static class AssemblyLaw
{
    /// <param name="today">The day on which it would be called, or was.</param>
    public static IReadOnlyList<LawCheck> Check(
        AssemblyKind kind, AssemblyMode mode, AssemblyCaller by, DateTime meetsAt, int call, bool qualified, bool items, DateOnly today)
    {
        var meeting = DateOnly.FromDateTime(meetsAt);
        var checks = new List<LawCheck>();
        if (call > 1)
        {
            checks.Add(new LawCheck("second", "art. 41", LawVerdict.Kept));
        }
        else if (kind == AssemblyKind.Ordinary)
        {
            var latest = AssemblyDates.LatestCall(meeting);
            checks.Add(new LawCheck("call", "art. 39", today <= latest ? LawVerdict.Kept : LawVerdict.Broken, latest, meeting));
            var yearly = AssemblyDates.LatestOrdinary(meeting.Year);
            checks.Add(new LawCheck("yearly", "art. 39", meeting <= yearly ? LawVerdict.Kept : LawVerdict.Warned, yearly));
            if (by != AssemblyCaller.Administrator) checks.Add(new LawCheck("caller", "art. 39", LawVerdict.Warned));
        }
        else
        {
            checks.Add(new LawCheck("no_term", "art. 39", meeting >= today ? LawVerdict.Kept : LawVerdict.Broken));
            checks.Add(new LawCheck("binding", "art. 39, par. 1", LawVerdict.Kept));
            if (by == AssemblyCaller.Owners) checks.Add(new LawCheck("fifth", "art. 39", LawVerdict.Warned));
        }

        if (!items) checks.Add(new LawCheck("agenda", "art. 39", LawVerdict.Broken));
        if (call == 1) checks.Add(new LawCheck("second_call", "art. 41", LawVerdict.Kept, AssemblyDates.SecondCall(meeting)));
        if (mode == AssemblyMode.Remote) checks.Add(new LawCheck("remote", "arts. 42-44", LawVerdict.Warned));
        if (mode == AssemblyMode.Mixed) checks.Add(new LawCheck("mixed", "Decreto 398 de 2020", LawVerdict.Warned));
        if (qualified && mode != AssemblyMode.InPerson) checks.Add(new LawCheck("qualified_remote", "art. 46, par.", LawVerdict.Broken));
        if (qualified && mode == AssemblyMode.InPerson) checks.Add(new LawCheck("qualified", "art. 46", LawVerdict.Kept));
        checks.Add(new LawCheck("publish", "art. 47", LawVerdict.Kept, AssemblyDates.PublishBy(meeting)));
        return checks;
    }
}
