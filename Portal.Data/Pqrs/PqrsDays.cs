using Portal.Data.Operations;

namespace Portal.Data.Pqrs;

/// <summary>How long an answer may take.</summary>
public static class PqrsDays
{
    /// <summary>Business days to answer, by what the law calls the case; what it does not name has the time of a petition.</summary>
    public static int For(PqrsKind? kind, BuildingSettings settings) => kind switch
    {
        PqrsKind.Information => settings.PqrsDaysInformation,
        PqrsKind.Consultation => settings.PqrsDaysConsultation,
        _ => settings.PqrsDaysPetition,
    };
}
