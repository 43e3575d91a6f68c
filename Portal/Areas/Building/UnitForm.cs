using Microsoft.Extensions.Localization;
using Portal.Areas.People;
using Portal.Components.Shared;
using Portal.Data.Building;
using Portal.Resources;

namespace Portal.Areas.Building;

/// <summary>An apartment while it is being typed; names are those of <see cref="ApartmentInput"/>.</summary>
public sealed class UnitForm
{
    public int? TowerId { get; set; }
    public string? Number { get; set; }
    public int? Floor { get; set; }
    public OccupancyState State { get; set; } = OccupancyState.Available;
    public decimal? Coefficient { get; set; }
    public decimal? Area { get; set; }
    public decimal? MonthlyFee { get; set; }

    public static UnitForm Of(ApartmentDetail unit) =>
        new()
        {
            TowerId = unit.TowerId,
            Number = unit.Number,
            Floor = unit.Floor,
            State = unit.State,
            Coefficient = Plain(unit.Coefficient),
            Area = Plain(unit.Area),
            MonthlyFee = unit.MonthlyFee,
        };

    public ApartmentInput Input() => new(TowerId, Number, Floor, State, Coefficient, Area, MonthlyFee);

    /// <summary>Without the zeros at its end: 0.412000 is typed as 0.412.</summary>
    private static decimal? Plain(decimal? number) => number / 1.0000000000000000000000000000m;
}

/// <summary>A tower while it is being typed; names are those of <see cref="TowerInput"/>.</summary>
public sealed class TowerForm
{
    public string? Name { get; set; }
    public string? Description { get; set; }
    public int? Floors { get; set; }
}

/// <summary>Who is tied to an apartment while it is being typed: somebody who is there, or a new person with their sign-in.</summary>
public sealed class TieForm : PersonForm
{
    public bool IsNew { get; set; }
    public PickOption? AccountId { get; set; }
    public DateOnly? Since { get; set; }
    public OccupancyKind Kind { get; set; } = OccupancyKind.Owner;

    public TieInput Input() => IsNew ? new(Kind, null, Account(), Since) : new(Kind, AccountId?.Id, null, Since);
}

public static class UnitWording
{
    public static (Tone Tone, Glyph Icon, string Text) Chip(this IStringLocalizer<BuildingWords> words, OccupancyState state) =>
        (
            state switch
            {
                OccupancyState.Occupied => Tone.Ok,
                OccupancyState.Available => Tone.Info,
                OccupancyState.UnderMaintenance => Tone.Warn,
                _ => Tone.Neutral,
            },
            state switch
            {
                OccupancyState.Occupied => Glyph.CheckCircle,
                OccupancyState.Available => Glyph.Key,
                OccupancyState.UnderMaintenance => Glyph.Settings,
                _ => Glyph.Pause,
            },
            words["state." + PersonWording.Key(state)]
        );

    public static string Kind(this IStringLocalizer<BuildingWords> words, OccupancyKind kind) => words["kind." + PersonWording.Key(kind)];
}
