using Portal.Data.Facilities;

namespace Portal.Areas.Facilities;

/// <summary>A series while it is being typed. Names are those of <see cref="SeriesInput"/>: refusals find their field by them.</summary>
public sealed class SeriesForm
{
    public long FacilityId { get; set; }
    public long? ApartmentId { get; set; }
    public DateOnly? From { get; set; }
    public DateOnly? Until { get; set; }
    public SortedSet<int> Weekdays { get; } = [];
    public int EveryWeeks { get; set; } = 1;
    public TimeOnly Start { get; set; } = new(18, 0);
    public int Minutes { get; set; } = 60;
    public int People { get; set; } = 1;
    public string? Notes { get; set; }
    public bool DespiteArrears { get; set; }

    public SeriesInput ToInput() => new(FacilityId, From ?? default, Until ?? default, [.. Weekdays], EveryWeeks, Start, Minutes, People)
    {
        ApartmentId = ApartmentId, Notes = Notes, DespiteArrears = DespiteArrears,
    };
}
