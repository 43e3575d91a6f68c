using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.People;

/// <summary>An apartment of a person, today.</summary>
public sealed record PersonUnit(long ApartmentId, string Tower, string Number, OccupancyKind Kind);

/// <param name="Id">The account.</param>
/// <param name="Document">With its kind in front; null also for who reads contact data only, as are <paramref name="Username"/> and
/// <paramref name="LastSignInAt"/>.</param>
/// <param name="Locked">Too many wrong passwords, at this moment.</param>
/// <param name="LastSignInAt">In UTC.</param>
public sealed record PersonRow(
    long Id, string Name, string? Username, string? Document, string? Email, string? Phone, int RoleId, string Role, UserState? State,
    bool Locked, DateTime? LastSignInAt, IReadOnlyList<PersonUnit> Units);

/// <summary>What is kept of a person beside the account. Names of fields are those of the refusals.</summary>
public sealed record ContactInput(
    string? FirstName, string? LastName, string? Email, string? Phone, string? Address = null, int? DocumentTypeId = null,
    string? DocumentNumber = null, DateOnly? BirthDate = null)
    : IEdit<ContactInput>
{
    /// <inheritdoc/>
    public ContactInput? Read { get; init; }
}

/// <summary>What people change of themselves; name and document are the administration's to correct.</summary>
public sealed record OwnContactInput(string? Email, string? Phone, string? Address) : IEdit<OwnContactInput>
{
    /// <inheritdoc/>
    public OwnContactInput? Read { get; init; }
}

/// <param name="OwnerId">Their row in <c>owners</c> that holds it.</param>
public sealed record PersonTie(
    long Id, long ApartmentId, string Tower, string Number, OccupancyKind Kind, DateOnly StartedOn, DateOnly? EndedOn, long OwnerId)
{
    public bool HoldsOn(DateOnly day) => StartedOn <= day && (EndedOn is null || EndedOn >= day);
}

/// <param name="Account">Null for who reads contact data only.</param>
/// <param name="Ties">Those that hold first.</param>
/// <param name="MayManage">The one who asks may change their data, status and codes.</param>
public sealed record PersonDetail(
    long Id, string Name, ContactInput Contact, string? DocumentKind, int RoleId, string Role, PersonAccount? Account,
    IReadOnlyList<PersonTie> Ties, bool MayManage);

/// <param name="LockedUntil">In UTC; null where no other program locked it.</param>
/// <param name="GuessedUntil">Until when (UTC) somebody waits who failed to sign in to it; null where nobody does.</param>
/// <param name="CodeUntil">Until when a code that was handed out and not used works, in UTC.</param>
public sealed record PersonAccount(
    string Username, UserState State, DateTime? LockedUntil, DateTime? LastSignInAt, DateTime? CreatedAt, AccountCodeKind? Code,
    DateTime? CodeUntil, DateTime? GuessedUntil = null);

public sealed record DocumentKind(int Id, string Code, string Name);

public sealed record RoleOption(int Id, string Name);
