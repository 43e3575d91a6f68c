namespace Portal.Resources;

/// <summary>Names the words of the payments area: lists, forms, refusals, receipts and their verification.</summary>
public sealed class PaymentsWords;
