using System.Text.Json.Serialization;

namespace Portal.Data.Gate;

// What a terminal holds of the building: the names of the members are those of the wire (docs/gate.md). No phone, no document, no whole
// name of a host, no code.

internal sealed record SnapUnit(long Id, string Unit, string Key, IReadOnlyList<string> Keys, string Host, string Dial, string Rule);

internal sealed record SnapCap(int Of, int In);

/// <param name="T">SHA-256 of the token of its address.</param>
internal sealed record SnapPass(
    long? P, long? G, long? V, string Kind, string Vk, string Name, long? Unit, DateTime From, DateTime Until, int People, string? Plate,
    string? Company, string? T, bool Leave, SnapCap? Cap, string? Days, DateOnly? Last, string State)
{
    [JsonIgnore]
    public string? Code { get; init; }
}

internal sealed record SnapCodes(string Salt, int Rounds, IReadOnlyDictionary<string, int> List);

internal sealed record SnapInside(
    long V, string? K, string Name, string Vk, long? Unit, DateTime Since, int People, string? Plate, int Limit, bool Car,
    string? Space);

/// <param name="Alarm">Minutes before the end, and between one alarm and the next.</param>
/// <param name="Hours">For so long after the end.</param>
/// <param name="Cars">Of visitors, that an apartment may have inside at a time; 0: any.</param>
internal sealed record SnapParking(int Alarm, int Hours, int Cars);

/// <param name="H">SHA-256 of salt, id, a colon and the six digits.</param>
internal sealed record SnapParcel(
    long Id, long UnitId, string Unit, string Carrier, string? Description, DateTime At, string? H);

internal sealed record SnapParcels(string Salt, IReadOnlyList<SnapParcel> List);

internal sealed record SnapResident(string Plate, long? Unit, string Space);

internal sealed record SnapBlock(string H, long? Unit, string Effect);

internal sealed record SnapBlocks(string Salt, IReadOnlyList<SnapBlock> List);

/// <param name="Must">Each guard reads it before they go on.</param>
/// <param name="Until">As long as it holds.</param>
/// <param name="Done">The accounts that need not read it: who has, and who wrote it.</param>
internal sealed record SnapNote(long Id, string Text, string By, DateTime At, bool Must, DateTime? Until, IReadOnlyList<long> Done);

/// <param name="K">The event by which it was told.</param>
internal sealed record SnapIncident(long Id, string K, string Number, string Kind, string Place, DateTime At);

internal sealed record SnapBooking(
    long Id, string? Number, string Facility, string? Unit, string Host, DateTime From, DateTime Until, int People, string Stand);
