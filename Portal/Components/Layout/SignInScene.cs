namespace Portal.Components.Layout;

/// <summary>A tower as the facade draws it.</summary>
/// <param name="Name">As it stands over the roof: A.</param>
/// <param name="PerFloor">Windows on a floor: apartments on the fullest one.</param>
public sealed record FacadeTower(string Name, int Floors, int PerFloor = 4);

/// <summary>What the sign-in page says of the building. It is public: no names of people, no numbers of apartments.</summary>
/// <param name="Lines">Kind of property and address, a line each.</param>
/// <param name="Phone">The administration's, for who cannot get in.</param>
public sealed record SignInModel(string BuildingName, IReadOnlyList<string> Lines, IReadOnlyList<FacadeTower> Towers, string? Phone);

/// <summary>Loads <see cref="SignInModel"/>; asked on every sign-in page, so it should be cached for minutes.</summary>
public delegate Task<SignInModel> SignInScene(CancellationToken ct);
