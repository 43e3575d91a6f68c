using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Home;
using Portal.Data.Pqrs;

namespace Portal.Areas.Home;

/// <summary>
/// The first screen of a resident, made for the phone: what they owe and of what, then one line per thing that awaits them.
/// </summary>
public sealed partial class OwnerDashboard
{
    private static readonly string[] Tables = ["payments", "charges", "reservations", "visitors", "pqrs", "packages", "notices"];

    private bool failed;

    [Parameter, EditorRequired] public CurrentUser User { get; set; } = CurrentUser.Nobody;

    /// <summary>Which of their apartments, where they have several.</summary>
    [SupplyParameterFromQuery(Name = "apartment")] public string? ApartmentInQuery { get; set; }

    private long? Apartment => AddressValue.Id(ApartmentInQuery);

    /// <summary>Loaded while prerendering and carried into the circuit.</summary>
    [PersistentState] public OwnerHome? Shown { get; set; }

    [Inject] private HomeService Homes { get; set; } = null!;
    [Inject] private BuildingClock Clock { get; set; } = null!;

    private string FirstName => User.Name.Split(' ')[0];

    protected override async Task OnParametersSetAsync()
    {
        if (Shown is null || (Apartment is { } asked && Shown.Unit?.Id != asked && Shown.Units.Any(u => u.Id == asked))) await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var result = await Homes.OwnerAsync(Apartment, User, default);
        failed = !result.Ok;
        if (result.Ok) Shown = result.Value;
    }

    private string VisitDay(ExpectedVisit visit) =>
        DateOnly.FromDateTime(visit.From) == Clock.Today
            ? L["owner.visit.today"]
            : L["owner.visit", Formats.WeekdayDate(DateOnly.FromDateTime(visit.From))];

    private string VisitDetail(ExpectedVisit visit)
    {
        var window = Formats.TimeRange(TimeOnly.FromDateTime(visit.From), TimeOnly.FromDateTime(visit.Until));
        return visit.Code is { Length: 6 } code ? L["owner.visit.code", window, $"{code[..3]} {code[3..]}"] : window;
    }

    private string CaseState(OwnCase item) => L[item.State switch
    {
        PqrsState.Open => "owner.case.open",
        PqrsState.WaitingForPetitioner => "owner.case.waiting",
        _ => "owner.case.progress",
    }];
}
