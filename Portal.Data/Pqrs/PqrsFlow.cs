namespace Portal.Data.Pqrs;

/// <summary>What can be done to a case that changes its state.</summary>
public enum PqrsAct { Start, Wait, Resolve, Close, Reopen }

/// <summary>Which state each act leads to. The only place that knows.</summary>
public static class PqrsFlow
{
    private static readonly Dictionary<(PqrsState From, PqrsAct Act), PqrsState> Table = new()
    {
        [(PqrsState.Open, PqrsAct.Start)] = PqrsState.InProgress,
        [(PqrsState.Open, PqrsAct.Wait)] = PqrsState.WaitingForPetitioner,
        [(PqrsState.Open, PqrsAct.Resolve)] = PqrsState.Resolved,
        [(PqrsState.Open, PqrsAct.Close)] = PqrsState.Closed,

        [(PqrsState.InProgress, PqrsAct.Wait)] = PqrsState.WaitingForPetitioner,
        [(PqrsState.InProgress, PqrsAct.Resolve)] = PqrsState.Resolved,
        [(PqrsState.InProgress, PqrsAct.Close)] = PqrsState.Closed,

        [(PqrsState.WaitingForPetitioner, PqrsAct.Start)] = PqrsState.InProgress,
        [(PqrsState.WaitingForPetitioner, PqrsAct.Resolve)] = PqrsState.Resolved,
        [(PqrsState.WaitingForPetitioner, PqrsAct.Close)] = PqrsState.Closed,

        [(PqrsState.Resolved, PqrsAct.Close)] = PqrsState.Closed,
        [(PqrsState.Resolved, PqrsAct.Reopen)] = PqrsState.InProgress,

        [(PqrsState.Closed, PqrsAct.Reopen)] = PqrsState.InProgress,
    };

    /// <summary>The state after it, or null where it is not allowed.</summary>
    public static PqrsState? Next(PqrsState from, PqrsAct act) => Table.TryGetValue((from, act), out var to) ? to : null;

    /// <summary>What those who handle cases may do in a state.</summary>
    public static IReadOnlyList<PqrsAct> Acts(PqrsState state) => [.. Enum.GetValues<PqrsAct>().Where(act => Next(state, act) is not null)];

    /// <summary>Somebody still has to answer.</summary>
    public static bool IsActive(PqrsState state) => state is PqrsState.Open or PqrsState.InProgress or PqrsState.WaitingForPetitioner;

    /// <summary>
    /// The petitioner writes while it is active; a resolved one they reopen, saying why; a closed one only the administration reopens.
    /// </summary>
    public static bool PetitionerMayReopen(PqrsState state) => state == PqrsState.Resolved;

    /// <summary>Whether the act needs words, because the petitioner must know what is asked of them or why.</summary>
    public static bool NeedsComment(PqrsState from, PqrsAct act) => act switch
    {
        PqrsAct.Wait or PqrsAct.Resolve or PqrsAct.Reopen => true,
        PqrsAct.Close => from != PqrsState.Resolved,
        _ => false,
    };
}
