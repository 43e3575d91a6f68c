using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Payments;

namespace Portal.Areas.Payments;

/// <summary>
/// What is typed into the forms that record or report a payment. The names are those of <see cref="PaymentInput"/>, so that refusals find
/// their field.
/// </summary>
public sealed class PaymentForm
{
    /// <summary>Named as the service names what it refuses.</summary>
    public PickOption? ApartmentId { get; set; }

    public long? PayerId { get; set; }

    public decimal? Amount { get; set; }

    public int? MethodId { get; set; }

    public string? Reference { get; set; }

    public DateOnly? Date { get; set; }

    public TimeOnly? Time { get; set; }

    public string? Note { get; set; }

    /// <summary>The charge that the payer named; null: as the law orders it.</summary>
    public long? NamedChargeId { get; set; }

    /// <summary>What a service refused, with the words that each empty field has of its own.</summary>
    public static IReadOnlyList<Error> Told(IReadOnlyList<Error> errors) =>
        [
            .. errors.Select(error =>
                error is { Code: "required", Field: { } field } ? error with { Code = "required." + field.ToLowerInvariant() } : error
            ),
        ];

    /// <summary>An empty field goes to the service as what it refuses with words for that field.</summary>
    public PaymentInput Input(DateOnly today) =>
        new(ApartmentId?.Id ?? 0, PayerId ?? 0, Amount ?? 0, MethodId, Reference, Date ?? today, Time, Note, NamedChargeId);
}
