using Microsoft.Extensions.Localization;
using Portal.Areas.Payments;
using Portal.Data.Collection;
using Portal.Data.Payments;
using Portal.Resources;

namespace Portal.Areas.Collection;

/// <summary>What the instalments of an agreement go to, in few words.</summary>
internal static class AgreementWording
{
    /// <summary>"Cuota de sep y oct, intereses": as payments say where they went.</summary>
    public static string Covers(this IStringLocalizer<PaymentsWords> words, IReadOnlyList<AgreementPart> parts)
    {
        // Interest of many months is one word.
        var interest = parts.Where(p => p.Kind == ChargeKind.Interest).Take(1);
        return words.AppliedTo(
            [.. parts.Where(p => p.Kind != ChargeKind.Interest).Concat(interest).Select(p => new AppliedTo(p.Kind, p.Period, p.Concept, p.Amount))]);
    }
}
